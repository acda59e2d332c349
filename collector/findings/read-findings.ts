import { setImmediate } from 'node:timers/promises';
import { recordPath } from '../../parsers/record/record-path.ts';
import { type Asked, ask, type Row, textOf, ticksOf } from '../hunt/ask.ts';
import { type LeadingConditions, splitTime } from '../hunt/split-time.ts';
import { isOfFiles } from '../hunt/version-info-twins.ts';
import { StoreError } from '../store/store-error.ts';
import { allLookAlikeGroups, flaggedGroups, lookAlikeGroups } from './find-groups.ts';
import { type Finding, findingKey } from './finding.ts';
import { mergeProcesses, readProcesses } from './finding-processes.ts';
import type { FindingRange, FindingRule } from './finding-rule.ts';
import { lookAlikeGrades } from './look-alike-grades.ts';
import { signatureGrade } from './signature-grade.ts';

/** Records that are read before requests get their turn: of the longest some 10 ms. */
const AT_ONCE = 100;

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
  return [...flagged, ...(await toLookAlikes(claims, [rule], asked))].sort(byDeviceAndPath);
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
  for (const [index, row] of counted.entries()) {
    if (index % AT_ONCE === 0) await setImmediate();
    const grade = signatureGrade(row.IsTrusted ?? null, row.SignatureStatus ?? null);
    add(found, { ...fileOf(row), ...namesOf(rule), grade });
  }
  return [...found.values()].sort(byDeviceAndPath);
}

/** The look-alikes of all `rules` in one pass over the range. */
export async function readLookAlikes(
  asked: Asked,
  rules: readonly FindingRule[],
  range: FindingRange,
): Promise<readonly Finding[]> {
  const found = await toLookAlikes(await ask(asked, allLookAlikeGroups(range)), rules, asked);
  return found.sort(byDeviceAndPath);
}

/**
 * Each record's texts are read once, for all rules: a device may name every rule in every record. Of one record so many
 * findings are made that they are held against the limit of rows, too.
 */
async function toLookAlikes(
  rows: readonly Row[],
  rules: readonly FindingRule[],
  { run: { limits } }: Asked,
): Promise<Finding[]> {
  const found = new Map<string, Finding>();
  for (const [index, row] of rows.entries()) {
    if (index % AT_ONCE === 0) await setImmediate();
    const grades = lookAlikeGrades(textOf(row.LookAlikes));
    const named = rules.filter(({ id }) => grades.has(id));
    if (named.length === 0) continue;
    const file = fileOf(row);
    for (const rule of named) {
      const grade = grades.get(rule.id);
      if (grade) add(found, { ...file, ...namesOf(rule), grade });
    }
    if (found.size > limits.rows)
      throw new StoreError('too-many-rows', `there are more than ${limits.rows} look-alikes`);
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

function namesOf({ id, name, tool }: FindingRule): Pick<Finding, 'rule' | 'ruleName' | 'tool'> {
  return { rule: id, ruleName: name, tool };
}

/** What a record tells of its file, whatever rule means it. */
function fileOf(row: Row): Omit<Finding, 'rule' | 'ruleName' | 'tool' | 'grade'> {
  return {
    deviceId: textOf(row.DeviceId),
    deviceName: textOf(row.DeviceName),
    machineGroup: textOf(row.MachineGroup),
    path: recordPath({ FolderPath: textOf(row.FolderPath), FileName: textOf(row.FileName) }),
    sha1: textOf(row.SHA1),
    sha256: textOf(row.SHA256),
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
