import { compilePredicate } from '../../parsers/kql/evaluate-scalar.ts';
import type { FileCertificateRecord } from '../../parsers/record/columns.ts';
import { ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import { toRecords } from '../../parsers/record/to-record.ts';
import { builtInRules } from '../../parsers/rules/built-in-rules.ts';
import { fileGrader } from '../../parsers/rules/grade-file.ts';

const RECORDS = 200_000;
const ROUNDS = 7;
/** The peer is slow: a part of the records says what one costs. */
const PEER_RECORDS = 20_000;

/** Signers of a Windows machine besides Microsoft, of which a few sign most. */
const OTHER_SIGNERS = 400;

/**
 * `npm run bench -- rules`: nanoseconds of CPU that the whole built-in pack costs a record of a sweep, grades and look-alikes
 * included, best of seven rounds on one thread. Of the records 55 in 100 are signed by six names of Microsoft, 25 by 400
 * others, 20 are unsigned; 1 in 200 is a tool of the pack, 1 in 200 claims to be one. Every file name is another. The peer is
 * the same rules by the evaluator alone, which asks every rule of every record and finds no look-alikes.
 */
export function benchRules(): void {
  const now = ticksFromUnixMs(Date.now());
  const files = Array.from({ length: RECORDS }, (_, index) => [recordOf(index)]);
  let graded = 0;
  const ours = best(RECORDS, () => {
    const grade = fileGrader(builtInRules, now); // as in a sweep, the first sight of each signer is in the figure
    graded = 0;
    for (const file of files) if (grade(file)[0]?.MatchGrade) graded += 1;
  });
  const tests = builtInRules.flatMap(({ predicate }) =>
    predicate ? [compilePredicate(predicate, now)] : [],
  );
  let flagged = 0;
  const peer = best(PEER_RECORDS, () => {
    flagged = 0;
    for (const [record] of files.slice(0, PEER_RECORDS)) {
      if (!record?.IsSigned) continue;
      const row = (column: string) => record[column as keyof FileCertificateRecord];
      if (tests.filter((matches) => matches(row)).length > 0) flagged += 1;
    }
  });
  console.log(`${builtInRules.length} rules, ${RECORDS} records, ${graded} of them with a grade`);
  console.log(`fileGrader           ${ours.toFixed(0)} ns a record`);
  console.log(
    `evaluator alone      ${peer.toFixed(0)} ns a record (${flagged} of ${PEER_RECORDS})`,
  );
}

/** Nanoseconds of CPU an element: what else runs on the machine takes less part in it than in time. */
function best(count: number, round: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < ROUNDS; index += 1) {
    const start = process.threadCpuUsage();
    round();
    const { user, system } = process.threadCpuUsage(start);
    least = Math.min(least, (user + system) * 1000);
  }
  return least / count;
}

const MICROSOFT = [
  ...['Microsoft Windows', 'Microsoft Corporation', 'Microsoft Windows Publisher'],
  ...['Microsoft Windows Hardware Compatibility Publisher', '.NET'],
  'Microsoft Windows Early Launch Anti-malware Publisher',
];

/** The same records at every run. */
function recordOf(index: number): FileCertificateRecord {
  const kind = index % 200;
  const facts = builtInRules[index % builtInRules.length]?.facts;
  const tool = facts?.signers[0] ?? '';
  if (kind === 0) return made(index, tool, tool, facts?.productNames[0]);
  if (kind === 1) return made(index, otherSigner(index), tool, facts?.productNames[0]);
  if (kind < 112)
    return made(index, MICROSOFT[index % MICROSOFT.length] ?? '', 'Microsoft Corporation');
  if (kind < 160) return made(index, otherSigner(index), otherSigner(index));
  return made(index, null, otherSigner(index));
}

function otherSigner(index: number): string {
  const rank = Math.floor(OTHER_SIGNERS * (((index * 2_654_435_761) % 2 ** 32) / 2 ** 32) ** 3);
  return `Software House No. ${rank}, Inc.`;
}

function made(
  index: number,
  signer: string | null,
  company: string,
  product = `Product of ${company}`,
): FileCertificateRecord {
  const facts = {
    folderPath: `C:\\Program Files\\Folder ${index % 5000}`,
    fileName: `file-${index}.dll`,
    fileKind: 'pe',
    size: 100_000,
    sha1: 'a'.repeat(40),
    sha256: 'b'.repeat(64),
    createdMs: 0,
    modifiedMs: 0,
    readMs: 0,
    versionInfo: {
      CompanyName: company,
      ProductName: product,
      OriginalFilename: `file-${index}.dll`,
    },
  } as const;
  const context = {
    ...{ deviceId: '', deviceIdSource: '', deviceName: '', machineGroup: null, scanId: '' },
    agentVersion: '',
    nextReportId: () => index,
  };
  const [record] = toRecords(facts, { reports: [], malformed: [] }, context);
  if (record === undefined) throw new Error('a file without a record');
  if (signer === null) return record;
  const isSigned = { IsSigned: true, Signer: signer, SignatureStatus: 'Trusted', IsTrusted: true };
  return { ...record, ...isSigned };
}
