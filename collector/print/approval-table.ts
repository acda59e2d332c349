import type { CellValue, QueryResult, ScalarType } from '../../parsers/kql/plan.ts';
import type { Approval } from '../approvals/approval.ts';
import { approvalState } from '../approvals/approval-json.ts';
import type { ApprovalVersion } from '../approvals/approval-versions.ts';

type Column<Of> = readonly [name: string, type: ScalarType, read: (of: Of) => CellValue];

/** For people: who may do what until when. */
const shortColumns = (now: bigint): readonly Column<Approval>[] => [
  ['Id', 'string', ({ id }) => id],
  ['Tool', 'string', ({ tool }) => tool],
  ['State', 'string', (approval) => approvalState(approval, now)],
  ['Expires', 'datetime', ({ expires }) => expires],
  ['Owner', 'string', ({ owner }) => owner],
];

/** Everything, for programs. */
const allColumns = (now: bigint): readonly Column<Approval>[] => [
  ...shortColumns(now),
  ['Reason', 'string', ({ reason }) => reason],
  ['Ticket', 'string', ({ ticket }) => ticket],
  ['Signers', 'dynamic', ({ signers }) => signers],
  ['Thumbprints', 'dynamic', ({ thumbprints }) => thumbprints],
  ['Paths', 'dynamic', ({ paths }) => paths],
  ['SHA256', 'dynamic', ({ sha256 }) => sha256],
  ['Devices', 'dynamic', ({ devices }) => ({ ...devices })],
  ['Processes', 'dynamic', ({ processes }) => processes],
  ['Version', 'long', ({ version }) => BigInt(version)],
  ['ApprovedAt', 'datetime', ({ approvedAt }) => approvedAt],
  ['ApprovedBy', 'string', ({ approvedBy }) => approvedBy],
  ['WithdrawnAt', 'datetime', ({ withdrawn }) => withdrawn?.at ?? null],
  ['WithdrawnBy', 'string', ({ withdrawn }) => withdrawn?.by ?? ''],
];

/** Approvals as rows: a few columns for a table, all for json and csv. */
export function approvalTable(
  approvals: readonly Approval[],
  now: bigint,
  format: 'table' | 'json' | 'csv',
): QueryResult {
  return toResult(format === 'table' ? shortColumns(now) : allColumns(now), approvals);
}

/** The versions of one approval, each with what was done and all that it said then. */
export function versionTable(versions: readonly ApprovalVersion[], now: bigint): QueryResult {
  const columns: readonly Column<ApprovalVersion>[] = [
    ['Action', 'string', ({ action }) => action],
    ['At', 'datetime', ({ at }) => at],
    ['By', 'string', ({ by }) => by],
    ...allColumns(now).map(
      ([name, type, read]): Column<ApprovalVersion> => [
        name,
        type,
        ({ approval }) => read(approval),
      ],
    ),
  ];
  return toResult(columns, versions);
}

function toResult<Of>(columns: readonly Column<Of>[], all: readonly Of[]): QueryResult {
  return {
    columns: columns.map(([name, type]) => ({ name, type })),
    rows: all.map((each) => columns.map(([, , read]) => read(each))),
  };
}
