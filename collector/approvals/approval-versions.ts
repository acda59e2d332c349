import type { DatabaseSync } from 'node:sqlite';
import type { Approval } from './approval.ts';
import { readApproval } from './read-approval.ts';

export interface ApprovalVersion {
  readonly action: 'approved' | 'withdrawn';
  /** 100 ns ticks. */
  readonly at: bigint;
  readonly by: string;
  /** As it stood after this edit. */
  readonly approval: Approval;
}

const LAST =
  'JOIN (SELECT id, max(version) AS version FROM approval_version GROUP BY id) USING (id, version)';

/** Every version of the approval with this id, the first first; without an id the last version of each, by id. */
export function readVersions(db: DatabaseSync, id?: string): readonly ApprovalVersion[] {
  const which = id === undefined ? `${LAST} ORDER BY id` : 'WHERE id = ? ORDER BY version';
  const statement = db.prepare(
    `SELECT id, version, action, at, by, body,
      (SELECT json_array(CAST(a.at AS TEXT), a.by) FROM approval_version AS a
        WHERE a.id = v.id AND a.version <= v.version AND a.action = 'approved'
        ORDER BY a.version DESC LIMIT 1) AS approved
    FROM approval_version AS v ${which}`,
  );
  statement.setReadBigInts(true);
  return statement.all(...(id === undefined ? [] : [id])).map(toVersion);
}

function toVersion(row: Readonly<Record<string, unknown>>): ApprovalVersion {
  const { action, at, by, body, version } = row as {
    readonly action: 'approved' | 'withdrawn';
    readonly at: bigint;
    readonly by: string;
    readonly body: string;
    readonly version: bigint;
  };
  const [approvedAt, approvedBy] = JSON.parse(String(row.approved)) as [string, string];
  const approval: Approval = {
    ...readApproval(JSON.parse(body), []),
    version: Number(version),
    approvedAt: BigInt(approvedAt),
    approvedBy,
    ...(action === 'withdrawn' && { withdrawn: { at, by } }),
  };
  return { action, at, by, approval };
}
