import type { CellValue, QueryResult, ResultColumn } from '../../parsers/kql/plan.ts';
import { isFlagged, type JudgedFinding, worstGrade } from '../findings/judge-findings.ts';
import { textOf } from './ask.ts';

/** What follows a rule's own columns. */
export const APPROVAL_COLUMNS = [
  { name: 'WorstGrade', type: 'string' },
  { name: 'Approval', type: 'string' },
  { name: 'ApprovalId', type: 'string' },
  { name: 'ApprovedCount', type: 'long' },
  { name: 'UnapprovedCount', type: 'long' },
  { name: 'LookAlikeCount', type: 'long' },
] as const satisfies readonly ResultColumn[];

/** Of a row whose device has no finding: the rule says more than its conditions on files. */
const UNKNOWN: readonly CellValue[] = ['', '', '', 0n, 0n, 0n];

/**
 * The answer with what is known of the findings behind each row's device; its own columns stay as they are. An answer without
 * DeviceId, or with a column of one of these names, is left alone.
 *
 * ApprovedCount and UnapprovedCount count files that the rule flags. Look-alikes are counted apart, but for those by name
 * only, and speak against a device like a file that is not approved: Approval is `approved` where nothing does.
 */
export function addApprovals(result: QueryResult, judged: readonly JudgedFinding[]): QueryResult {
  const names = new Set<string>(result.columns.map(({ name }) => name));
  const device = result.columns.findIndex(({ name }) => name === 'DeviceId');
  if (device < 0 || APPROVAL_COLUMNS.some(({ name }) => names.has(name))) return result;
  const byDevice = Map.groupBy(judged, ({ deviceId }) => deviceId);
  const cells = new Map([...byDevice].map(([id, findings]) => [id, cellsOf(findings)]));
  return {
    columns: [...result.columns, ...APPROVAL_COLUMNS],
    rows: result.rows.map((row) => [...row, ...(cells.get(textOf(row[device])) ?? UNKNOWN)]),
  };
}

function cellsOf(findings: readonly JudgedFinding[]): readonly CellValue[] {
  const counting = findings.filter(({ grade }) => grade !== 'name-only');
  const flagged = counting.filter(isFlagged);
  const approved = flagged.filter(({ judgement }) => judgement.state === 'approved');
  const lookAlikes = counting.length - flagged.length;
  const ids = new Set(approved.map(({ judgement }) => judgement.approvalId ?? ''));
  const state =
    approved.length === 0
      ? 'unapproved'
      : approved.length === counting.length
        ? 'approved'
        : 'partly';
  return [
    worstGrade(counting) ?? '',
    counting.length === 0 ? '' : state,
    [...ids].sort().join(', '),
    BigInt(approved.length),
    BigInt(flagged.length - approved.length),
    BigInt(lookAlikes),
  ];
}
