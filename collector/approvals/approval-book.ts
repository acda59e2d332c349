import type { DatabaseSync } from 'node:sqlite';
import { toStoreError } from '../store/sqlite/sqlite-error.ts';
import { UsageError } from '../usage-error.ts';
import type { Approval, ApprovalText } from './approval.ts';
import { approvalJson } from './approval-json.ts';
import { type ApprovalVersion, readVersions } from './approval-versions.ts';
import { openApprovalsDatabase } from './approvals-schema.ts';

/** Ids of one collector, withdrawn ones included: each finding is judged by all for its tool. */
const MOST_IDS = 5_000;

/** What became of one text: `version` is the one in force now. */
export interface Put {
  readonly id: string;
  readonly version: number;
  readonly result: 'new' | 'changed' | 'unchanged';
}

/** Hears of an edit before it is durable; where it throws, nothing is changed. */
export type EditListener = (event: 'approved' | 'withdrawn', what: string) => void;

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

  /** Approves each text as its next version, unless the version in force says the same: all of them or none. */
  put(
    texts: readonly ApprovalText[],
    at: bigint,
    by: string,
    onEdit: EditListener = () => {},
  ): readonly Put[] {
    return this.#transaction(() => texts.map((text) => this.#putOne(text, at, by, onEdit)));
  }

  /** Ends one. `already` where it was withdrawn before. */
  withdraw(
    id: string,
    at: bigint,
    by: string,
    onEdit: EditListener = () => {},
  ): 'withdrawn' | 'already' | 'unknown' {
    return this.#transaction(() => {
      const last = this.#lastRow(id);
      if (!last) return 'unknown';
      if (last.action === 'withdrawn') return 'already';
      this.#append(id, Number(last.version) + 1, 'withdrawn', at, by, String(last.body));
      onEdit('withdrawn', `withdrew approval ${id}`);
      return 'withdrawn';
    });
  }

  close(): void {
    this.#db.close();
  }

  #putOne(text: ApprovalText, at: bigint, by: string, onEdit: EditListener): Put {
    const { id } = text;
    const body = JSON.stringify(approvalJson(text));
    const last = this.#lastRow(id);
    const version = Number(last?.version ?? 0);
    if (last?.action === 'approved' && last.body === body)
      return { id, version, result: 'unchanged' };
    if (!last) this.#refuseTooMany();
    this.#append(id, version + 1, 'approved', at, by, body);
    onEdit('approved', `approved ${id}, version ${version + 1}`);
    return { id, version: version + 1, result: last ? 'changed' : 'new' };
  }

  #refuseTooMany(): void {
    const count = 'SELECT count(DISTINCT id) AS ids FROM approval_version';
    if (Number(this.#db.prepare(count).get()?.ids) >= MOST_IDS)
      throw new UsageError(`there are ${MOST_IDS} approvals already: use an id again`);
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
