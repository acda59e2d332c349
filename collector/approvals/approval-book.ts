import type { DatabaseSync } from 'node:sqlite';
import { toStoreError } from '../store/sqlite/sqlite-error.ts';
import { UsageError } from '../usage-error.ts';
import type { Approval, ApprovalText } from './approval.ts';
import { approvalJson } from './approval-json.ts';
import { type ApprovalVersion, readVersions } from './approval-versions.ts';
import { openApprovalsDatabase } from './approvals-schema.ts';

/** Ids of one collector, withdrawn ones included: each finding is judged by all for its tool. */
const MOST_IDS = 5_000;

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
    return this.#read().map(({ approval }) => approval);
  }

  /** Every version of one, the first first; empty where there is none with this id. */
  history(id: string): readonly ApprovalVersion[] {
    return this.#read(id);
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

  #read(id?: string): readonly ApprovalVersion[] {
    try {
      return readVersions(this.#db, id);
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
