import { recordPath } from '../../parsers/record/record-path.ts';
import type { MatchGrade } from '../../parsers/rules/match-grade.ts';
import { type Asked, ask, type Row, textOf, ticksOf } from '../hunt/ask.ts';
import { type LeadingConditions, splitTime } from '../hunt/split-time.ts';
import { isOfFiles } from '../hunt/version-info-twins.ts';
import { allLookAlikeGroups, flaggedGroups, lookAlikeGroups } from './find-groups.ts';
import { type Finding, findingKey } from './finding.ts';
import { mergeProcesses, readProcesses } from './finding-processes.ts';
import type { FindingRange, FindingRule } from './finding-rule.ts';
import { lookAlikeGrade } from './look-alike-grade.ts';
import { signatureGrade } from './signature-grade.ts';

/** The conditions by which a rule means files; undefined of a rule that begins with another table. */
export function fileConditions({ plan }: Pick<FindingRule, 'plan'>): LeadingConditions | undefined {
  const conditions = splitTime(plan);
  return conditions && isOfFiles(conditions.table.table) ? conditions : undefined;
}

/**
 * Every file in the range that a rule means, and every look-alike of it that agents have told, once each: by device, path.
 * A rule that does not begin with a table of files has none.
 *
 * The `where` steps that stand directly after the table count; of a rule that narrows further (a join), this is more than
 * its answer. Throws StoreError past the limits of `asked`.
 */
export async function readFindings(
  asked: Asked,
  rule: FindingRule,
  range: FindingRange,
): Promise<readonly Finding[]> {
  if (!fileConditions(rule)) return [];
  const flagged = await readFlagged(asked, rule, range);
  const claims = await ask(asked, lookAlikeGroups(rule.id, range));
  return [...flagged, ...toLookAlikes(claims, [rule])].sort(byDeviceAndPath);
}

/** Those of readFindings() that the rule means. */
export async function readFlagged(
  asked: Asked,
  rule: FindingRule,
  range: FindingRange,
): Promise<readonly Finding[]> {
  const conditions = fileConditions(rule);
  if (!conditions) return [];
  const flagged = await ask(asked, flaggedGroups(conditions, range));
  const isView = conditions.table.table === 'DeviceFileCertificateInfo';
  const counted = isView ? firstOfEachSigner(flagged) : flagged;
  const found = new Map<string, Finding>();
  for (const row of counted)
    add(
      found,
      toFinding(rule, row, signatureGrade(row.IsTrusted ?? null, row.SignatureStatus ?? null)),
    );
  return [...found.values()].sort(byDeviceAndPath);
}

/** The look-alikes of all `rules` in one pass over the range. */
export async function readLookAlikes(
  asked: Asked,
  rules: readonly FindingRule[],
  range: FindingRange,
): Promise<readonly Finding[]> {
  return toLookAlikes(await ask(asked, allLookAlikeGroups(range)), rules).sort(byDeviceAndPath);
}

function toLookAlikes(rows: readonly Row[], rules: readonly FindingRule[]): Finding[] {
  const found = new Map<string, Finding>();
  for (const row of rows) {
    const json = textOf(row.LookAlikes);
    for (const rule of rules) {
      const grade = json.includes(rule.id) ? lookAlikeGrade(json, rule.id) : undefined;
      if (grade) add(found, toFinding(rule, row, grade));
    }
  }
  return [...found.values()];
}

/** As DeviceFileCertificateInfo has it: of several signatures of a file with one Signer only the first. */
function firstOfEachSigner(rows: readonly Row[]): readonly Row[] {
  const keyOf = ({ DeviceId, FolderPath, FileName, SHA1, Signer }: Row) =>
    JSON.stringify([DeviceId, FolderPath, FileName, SHA1, Signer]);
  const first = new Map<string, bigint>();
  for (const row of rows) {
    const [key, index] = [keyOf(row), ticksOf(row.SignatureIndex)];
    const known = first.get(key);
    if (known === undefined || index < known) first.set(key, index);
  }
  return rows.filter((row) => ticksOf(row.SignatureIndex) === first.get(keyOf(row)));
}

function toFinding(rule: FindingRule, row: Row, grade: MatchGrade): Finding {
  return {
    deviceId: textOf(row.DeviceId),
    deviceName: textOf(row.DeviceName),
    machineGroup: textOf(row.MachineGroup),
    rule: rule.id,
    ruleName: rule.name,
    tool: rule.tool,
    path: recordPath({ FolderPath: textOf(row.FolderPath), FileName: textOf(row.FileName) }),
    sha1: textOf(row.SHA1),
    sha256: textOf(row.SHA256),
    grade,
    signer: textOf(row.Signer),
    signerHash: textOf(row.SignerHash),
    firstSeen: ticksOf(row.FirstSeen),
    lastSeen: ticksOf(row.LastSeen),
    lastReceived: ticksOf(row.LastReceived),
    processes: readProcesses(textOf(row.RunningProcesses)),
  };
}

/** Of records of one finding the last tells what can change; times and processes are of all. */
function add(found: Map<string, Finding>, one: Finding): void {
  const key = findingKey(one);
  const known = found.get(key);
  if (!known) {
    found.set(key, one);
    return;
  }
  const last = one.lastSeen > known.lastSeen ? one : known;
  found.set(key, {
    ...last,
    firstSeen: one.firstSeen < known.firstSeen ? one.firstSeen : known.firstSeen,
    lastReceived: one.lastReceived > known.lastReceived ? one.lastReceived : known.lastReceived,
    processes: mergeProcesses(known.processes, one.processes),
  });
}

function byDeviceAndPath(one: Finding, other: Finding): number {
  const [left, right] = [sortKey(one), sortKey(other)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function sortKey({ deviceName, deviceId, path, grade }: Finding): string {
  return [deviceName, deviceId, path, grade].join('\0');
}
