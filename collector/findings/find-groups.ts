import type { Scalar } from '../../parsers/kql/plan.ts';
import type { Relation } from '../../parsers/kql/relation.ts';
import {
  equals,
  isWithin,
  jsonContains,
  projectShort,
  summarize,
  table,
  where,
} from '../hunt/plan-parts.ts';
import type { LeadingConditions } from '../hunt/split-time.ts';
import type { FindingRange } from './finding-rule.ts';

/** UTF-16 units of a record's processes that are read; more are as good as unknown. */
const MOST_PROCESS_TEXT = 32_768;
/** Units of a record's look-alikes: some hundred rules. */
const MOST_LOOK_ALIKE_TEXT = 65_536;

/** What tells records of one file apart, beside when they were made. */
const FACTS = [
  ...['DeviceId', 'DeviceName', 'MachineGroup', 'FolderPath', 'FileName', 'SHA1', 'SHA256'],
  ...['SignatureIndex', 'Signer', 'SignerHash', 'IsTrusted', 'SignatureStatus', 'RunningProcesses'],
] as const;

const TIMES = [
  ['FirstSeen', 'min', 'Timestamp'],
  ['LastSeen', 'max', 'Timestamp'],
  ['LastReceived', 'max', 'ReceivedTime'],
] as const;

/** The records that a rule's conditions match, one row for all that differ in time only. */
export function flaggedGroups(
  { table: source, other }: LeadingConditions,
  range: FindingRange,
): Relation {
  const records = table('AgentFileCertificateInfo');
  // DeviceFileCertificateInfo has signed rows only. That comes last: SQLite finds rows by the first condition on certificates.
  const isView = source.table === 'DeviceFileCertificateInfo';
  const conditions = isView ? [...other, equals(records, 'IsSigned', true)] : other;
  return grouped(records, range, conditions, FACTS);
}

/** The records that agents call look-alikes for a rule. */
export function lookAlikeGroups(ruleId: string, range: FindingRange): Relation {
  const records = table('AgentFileCertificateInfo');
  const claims = jsonContains(records, 'LookAlikes', JSON.stringify(ruleId));
  return grouped(records, range, [claims], [...FACTS, 'LookAlikes']);
}

/** The records that agents call look-alikes for any rule: one pass for all rules, since nothing finds these rows sooner. */
export function allLookAlikeGroups(range: FindingRange): Relation {
  const records = table('AgentFileCertificateInfo');
  const claims = jsonContains(records, 'LookAlikes', '"rule":');
  return grouped(records, range, [claims], [...FACTS, 'LookAlikes']);
}

function grouped(
  records: Relation,
  range: FindingRange,
  conditions: readonly Scalar[],
  facts: readonly string[],
): Relation {
  const found = where(records, isWithin(records, range, range.by), ...conditions);
  const most = { RunningProcesses: MOST_PROCESS_TEXT, LookAlikes: MOST_LOOK_ALIKE_TEXT };
  const rows = projectShort(found, [...facts, 'Timestamp', 'ReceivedTime'], most);
  return summarize(rows, TIMES, facts);
}
