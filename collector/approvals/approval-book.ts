import type { DatabaseSync } from 'node:sqlite';
import { toStoreError } from '../store/sqlite/sqlite-error.ts';
import { UsageError } from '../usage-error.ts';
import type { Approval, ApprovalText } from './approval.ts';
import { approvalJson } from './approval-json.ts';
import { openApprovalsDatabase } from './approvals-schema.ts';
import { readApproval } from './read-approval.ts';

/** Ids of one collector, withdrawn ones included: each finding is judged by all for its tool. */
const MOST_IDS = 5_000;

export interface ApprovalVersion {
  readonly action: 'approved' | 'withdrawn';
  /** 100 ns ticks. */
  readonly at: bigint;
  readonly by: string;
  /** As it stood after this edit. */
  readonly approval: Approval;
}

export type PutResult = 'new' | 'changed' | 'unchanged';

/**
 * The approvals of a collector with all their versions, in `approvals.sqlite`. Every call reads or writes anew, so that the
 * command line and a serving collector see each other's edits at once.
 */
export class ApprovalBook {
  readonly #db: DatabaseSync;
  readonly #dataFolder: string;

  constructor(dataFolder: string) {
    this.#dataFolder = dataFolder;
    this.#db = openApprovalsDatabase(dataFolder);
  }

  /** The last version of each, by id: withdrawn and expired ones too, so that a judgement can say so. */
  current(): readonly Approval[] {
    const last = `SELECT id, max(version) AS version FROM approval_version GROUP BY id`;
    return this.#read(`JOIN (${last}) USING (id, version) ORDER BY id`).map(
      ({ approval }) => approval,
    );
  }

  /** Every version of one, the first first; empty where there is none with this id. */
  history(id: string): readonly ApprovalVersion[] {
    return this.#read('WHERE id = ? ORDER BY version', id);
  }

  /** Approves `text` as its next version, unless the version in force says the same. */
  put(text: ApprovalText, at: bigint, by: string): PutResult {
    const body = JSON.stringify(approvalJson(text));
    return this.#transaction(() => {
      const last = this.#lastRow(text.id);
      if (!last) {
        const ids = Number(
          this.#db.prepare('SELECT count(DISTINCT id) AS ids FROM approval_version').get()?.ids,
        );
        if (ids >= MOST_IDS)
          throw new UsageError(`there are ${MOST_IDS} approvals already: use an id again`);
      }
      if (last?.action === 'approved' && last.body === body) return 'unchanged';
      this.#append(text.id, Number(last?.version ?? 0) + 1, 'approved', at, by, body);
      return last ? 'changed' : 'new';
    });
  }

  /** Ends one. `already` where it was withdrawn before. */
  withdraw(id: string, at: bigint, by: string): 'withdrawn' | 'already' | 'unknown' {
    return this.#transaction(() => {
      const last = this.#lastRow(id);
      if (!last) return 'unknown';
      if (last.action === 'withdrawn') return 'already';
      this.#append(id, Number(last.version) + 1, 'withdrawn', at, by, String(last.body));
      return 'withdrawn';
    });
  }

  close(): void {
    this.#db.close();
  }

  #lastRow(id: string) {
    const last = 'SELECT * FROM approval_version WHERE id = ? ORDER BY version DESC LIMIT 1';
    const statement = this.#db.prepare(last);
    statement.setReadBigInts(true);
    return statement.get(id);
  }

  #append(...row: readonly [string, number, string, bigint, string, string]): void {
    const add =
      'INSERT INTO approval_version (id, version, action, at, by, body) VALUES (?, ?, ?, ?, ?, ?)';
    this.#db.prepare(add).run(...row);
  }

  #read(which: string, ...values: readonly string[]): readonly ApprovalVersion[] {
    try {
      const statement = this.#db.prepare(
        `SELECT id, version, action, at, by, body,
          (SELECT json_array(CAST(a.at AS TEXT), a.by) FROM approval_version AS a
            WHERE a.id = v.id AND a.version <= v.version AND a.action = 'approved'
            ORDER BY a.version DESC LIMIT 1) AS approved
        FROM approval_version AS v ${which}`,
      );
      statement.setReadBigInts(true);
      return statement.all(...values).map(toVersion);
    } catch (error) {
      throw toStoreError(error, this.#dataFolder);
    }
  }

  #transaction<Result>(work: () => Result): Result {
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.#db.exec('COMMIT');
        return result;
      } catch (error) {
        this.#db.exec('ROLLBACK');
        throw error;
      }
    } catch (error) {
      throw error instanceof UsageError ? error : toStoreError(error, this.#dataFolder);
    }
  }
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
