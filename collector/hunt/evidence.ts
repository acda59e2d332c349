import type { CellValue, Scalar } from '../../parsers/kql/plan.ts';
import { MAX_TICKS } from '../../parsers/record/datetime.ts';
import { recordPath } from '../../parsers/record/record-path.ts';
import type { Judgement } from '../approvals/judgement.ts';
import type { JudgedFinding } from '../findings/judge-findings.ts';
import { signatureGrade } from '../findings/signature-grade.ts';
import { type Asked, ask, type Row, textOf, ticksOf } from './ask.ts';
import type { WindowedPlan } from './hunt-window.ts';
import { type OtherDevices, readOtherDevices } from './other-devices.ts';
import { equals, isWithin, project, table, where } from './plan-parts.ts';
import { type Presence, readPresence } from './presence.ts';
import { splitTime } from './split-time.ts';
import { isOfFiles } from './version-info-twins.ts';

/** One signature of one file that a hunt has found on a device, with all its sightings in the window. */
export interface EvidenceFile {
  readonly path: string;
  readonly sha1: string;
  /** The columns of FACTS, of the last sighting. */
  readonly facts: Row;
  readonly reportIds: readonly bigint[];
  /** In the window. */
  readonly sightings: number;
  readonly firstSeen: bigint;
  readonly lastSeen: bigint;
  /** null where no agent has flagged it. */
  readonly everFirstSeen: bigint | null;
  readonly presence: Presence;
  readonly others: OtherDevices;
  /** Whether somebody answers for it; undefined where the rule does not say which files it means. */
  readonly judgement: Judgement | undefined;
}

export interface Evidence {
  readonly files: readonly EvidenceFile[];
  /** Of the set, and no record in the window has them. */
  readonly unresolved: readonly bigint[];
}

/** What is told of a file, in the order in which it is printed. */
export const FACTS = [
  'FolderPath',
  'FileName',
  'FileSize',
  'SHA1',
  'SHA256',
  'SignatureIndex',
  'Signer',
  'SignerHash',
  'Issuer',
  'CertificateCountersignatureTime',
  'IsTrusted',
  'SignatureStatus',
  'MatchGrade',
  'RevocationStatus',
  'Findings',
  'RunningProcesses',
  'AutostartEntries',
] as const;

/** Resolves `reportIds` of a device to the files behind them, each with what `judged` says of it. */
export async function readEvidence(
  asked: Asked,
  windowed: WindowedPlan,
  deviceId: string,
  reportIds: ReadonlySet<bigint>,
  judged: readonly JudgedFinding[],
): Promise<Evidence> {
  const ofFile = judgements(judged, deviceId);
  const conditions = ruleConditions(windowed);
  const records = table('AgentFileCertificateInfo');
  const { from, to } = windowed.window;
  // Beyond the window's end too: whether a file is still there is a question of later sweeps.
  const ofDevice = [
    equals(records, 'DeviceId', deviceId),
    isWithin(records, { from, to: MAX_TICKS }),
  ];
  const rows = await ask(
    asked,
    project(where(records, ...ofDevice, ...conditions), ['Timestamp', 'ReportId', ...FACTS]),
  );
  const found = rows.filter(
    ({ ReportId, Timestamp }) => reportIds.has(ticksOf(ReportId)) && ticksOf(Timestamp) <= to,
  );
  const lastReported = new Map<string, bigint>();
  for (const row of rows) {
    const [key, ticks] = [fileKey(row), ticksOf(row.Timestamp)];
    if (ticks > (lastReported.get(key) ?? 0n)) lastReported.set(key, ticks);
  }
  const resolved = new Set(found.map(({ ReportId }) => ReportId));
  const groups = Map.groupBy(found, keyOf);
  const sha1s = [...new Set(found.map(({ SHA1 }) => textOf(SHA1)))].filter((sha1) => sha1 !== '');
  const others = await readOtherDevices(asked, deviceId, sha1s, conditions);
  const presence = await readPresence(asked, deviceId);
  const ever = await readFirstFlagged(asked, deviceId);
  const files = [...groups.values()].map((group): EvidenceFile => {
    const sightings = group.toSorted((one, other) => compare(one.Timestamp, other.Timestamp));
    const last = sightings.at(-1) ?? {};
    const path = recordPath({
      FolderPath: textOf(last.FolderPath),
      FileName: textOf(last.FileName),
    });
    const sha1 = textOf(last.SHA1);
    const lastSeen = ticksOf(last.Timestamp);
    const reported = lastReported.get(fileKey(last)) ?? lastSeen;
    return {
      path,
      sha1,
      facts: Object.fromEntries(FACTS.map((name) => [name, last[name] ?? null])),
      reportIds: [...new Set(sightings.map(({ ReportId }) => ticksOf(ReportId)))],
      sightings: sightings.length,
      firstSeen: ticksOf(sightings[0]?.Timestamp),
      lastSeen,
      everFirstSeen: ever.get(fileKey(last)) ?? null,
      presence: presence(path, sha1, reported),
      others: others.get(sha1) ?? { count: 0, names: [] },
      judgement: ofFile.get(judgedKey(path, sha1, gradeOf(last))),
    };
  });
  return {
    files: files.sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0)),
    unresolved: [...reportIds].filter((id) => !resolved.has(id)),
  };
}

/** What the rule asks of a file, so that of records with one ReportId (Defender repeats its own) the right one is shown. */
function ruleConditions({ plan }: WindowedPlan): readonly Scalar[] {
  const conditions = splitTime(plan);
  return conditions && isOfFiles(conditions.table.table) ? conditions.other : [];
}

/** When a file of the device was first flagged, whatever retention has removed since. */
async function readFirstFlagged(
  asked: Asked,
  deviceId: string,
): Promise<ReadonlyMap<string, bigint>> {
  const sightings = table('AgentSightingInfo');
  const rows = await ask(asked, where(sightings, equals(sightings, 'DeviceId', deviceId)));
  return new Map(rows.map((row) => [fileKey(row), ticksOf(row.FirstSeen)]));
}

function judgements(
  judged: readonly JudgedFinding[],
  deviceId: string,
): ReadonlyMap<string, Judgement> {
  const ofDevice = judged.filter((finding) => finding.deviceId === deviceId);
  return new Map(
    ofDevice.map(({ path, sha1, grade, judgement }) => [judgedKey(path, sha1, grade), judgement]),
  );
}

function judgedKey(path: string, sha1: string, grade: string): string {
  return JSON.stringify([path, sha1, grade]);
}

function gradeOf({ IsTrusted, SignatureStatus }: Row): string {
  return signatureGrade(IsTrusted ?? null, SignatureStatus ?? null);
}

function keyOf(row: Row): string {
  return JSON.stringify([fileKey(row), textOf(row.SignerHash), `${row.SignatureIndex}`]);
}

function fileKey({ FolderPath, FileName, SHA1 }: Row): string {
  return JSON.stringify([textOf(FolderPath), textOf(FileName), textOf(SHA1)]);
}

function compare(one: CellValue | undefined, other: CellValue | undefined): number {
  const [left, right] = [ticksOf(one), ticksOf(other)];
  return left < right ? -1 : left > right ? 1 : 0;
}
