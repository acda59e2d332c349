import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { toStoreError } from '../store/sqlite/sqlite-error.ts';
import { openDoorsDatabase } from './open-doors.ts';
import { type Rotation, rotateToken } from './rotate-token.ts';
import { isToken, tokenId } from './token.ts';
import { type TokenRow, toTokenRow } from './token-row.ts';
import { type EnrolResult, enrolByKey, type TokenPurpose, writeToken } from './write-token.ts';

/** Who may send, read and enrol. Tokens are kept as hashes. */
export class Doors {
  readonly #db: DatabaseSync;
  readonly #clock: () => number;
  readonly #byId: StatementSync;
  readonly #firstUse: StatementSync;

  /** Opens the data folder's list of tokens, and makes it where it is absent. `clock` gives milliseconds since 1970. */
  constructor(dataFolder: string, clock: () => number) {
    this.#db = openDoorsDatabase(dataFolder);
    this.#clock = clock;
    this.#byId = this.#db.prepare('SELECT * FROM token WHERE id = ?');
    this.#firstUse = this.#db.prepare(
      'UPDATE token SET firstUsedTime = ? WHERE id = ? AND firstUsedTime IS NULL',
    );
  }

  /**
   * The token with this text; undefined where it is unknown, revoked or expired. An enrolment key without uses is still
   * found: enrol() decides. Read anew each time, so that a token that `enroll --revoke` ended opens nothing more.
   */
  find(text: string): TokenRow | undefined {
    const id = tokenId(text);
    const row = id === undefined ? undefined : this.#byId.get(id);
    if (!row || !isToken(text, row.hash as Uint8Array)) return undefined;
    const token = toTokenRow(row);
    const expired = token.expiresTime !== null && token.expiresTime <= this.#clock();
    return expired || token.revokedTime !== null ? undefined : token;
  }

  /**
   * Remembers that a token has been used. Writes once a token, and does not wait for the disk, as all answers would wait with
   * it: enrol() sees the mark at once, a loss of power may take back those of the last moment, and the next use sets them again.
   * Source: SQLite documentation, "PRAGMA synchronous": in WAL mode NORMAL keeps the database consistent.
   */
  markUsed({ id, firstUsedTime }: TokenRow): void {
    if (firstUsedTime !== null) return;
    this.#db.exec('PRAGMA synchronous = NORMAL');
    try {
      this.#transaction(() => this.#firstUse.run(this.#clock(), id));
    } finally {
      this.#db.exec('PRAGMA synchronous = FULL');
    }
  }

  /** A device's token by an enrolment key that find() gave. */
  enrol(key: TokenRow, deviceId: string, deviceName: string): EnrolResult {
    const enrolment = { keyId: key.id, deviceId, deviceName };
    return this.#transaction(() => enrolByKey(this.#db, enrolment, this.#clock()));
  }

  /** The text of a new token. It is shown once: only its hash is kept. */
  add(purpose: TokenPurpose): string {
    return this.#transaction(() => writeToken(this.#db, purpose, this.#clock()));
  }

  /** A new token in the place of one, which stays good for `overlap` milliseconds. */
  rotate(id: string, overlap: number): Rotation {
    return this.#transaction(() => rotateToken(this.#db, { id, overlap }, this.#clock()));
  }

  /** Ends a token, and with it the one that it has just replaced. False where there is no token with this id. */
  revoke(id: string): boolean {
    const revoke =
      'UPDATE token SET revokedTime = COALESCE(revokedTime, :now) WHERE id = :id OR replacedBy = :id';
    return this.#transaction(() => {
      if (!this.#byId.get(id)) return false;
      this.#db.prepare(revoke).run({ now: this.#clock(), id });
      return true;
    });
  }

  /** Every token that was ever made, oldest first. */
  list(): readonly TokenRow[] {
    return this.#db.prepare('SELECT * FROM token ORDER BY createdTime, id').all().map(toTokenRow);
  }

  close(): void {
    this.#db.close();
  }

  /** Throws StoreError, so that a full disk or a busy file is answered and told as one. */
  #transaction<Result>(work: () => Result): Result {
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw toStoreError(error);
    }
  }
}
