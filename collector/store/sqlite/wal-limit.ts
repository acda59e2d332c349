import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store-error.ts';
import { fileBytes } from './store-status.ts';

/** Bytes of WAL beyond which nothing more is written; one group of batches may come on top. */
const MAX_WAL_BYTES = 64 * 1024 * 1024;
/** For how long the queries of the moment are waited for, and how soon after that it is tried again. */
const WAIT_MS = 500;

/**
 * Keeps the WAL from growing while a query or a backup pins it: SQLite can write back only what no reader still needs, and
 * would let it grow for as long as that reader lives. Agents keep what is refused, and send it again.
 * Source: SQLite documentation, "Write-Ahead Logging", "Avoiding Excessively Large WAL Files".
 */
export class WalLimit {
  readonly #db: DatabaseSync;
  readonly #file: string;
  readonly #limit: number;
  #triedAt = Number.NEGATIVE_INFINITY;

  constructor(db: DatabaseSync, databaseFile: string, limit = MAX_WAL_BYTES) {
    this.#db = db;
    this.#file = `${databaseFile}-wal`;
    this.#limit = limit;
  }

  /** Call it before each transaction. Throws StoreError `busy` where the WAL is full and cannot be emptied now. */
  makeRoom(): void {
    const bytes = fileBytes(this.#file);
    if (bytes <= this.#limit) return;
    const now = performance.now();
    if (now - this.#triedAt >= WAIT_MS && this.#empty()) return;
    throw new StoreError(
      'busy',
      `a long query or a backup holds ${bytes} bytes that wait to be written back: send again when it has ended`,
    );
  }

  #empty(): boolean {
    const timeout = Number(this.#db.prepare('PRAGMA busy_timeout').get()?.timeout);
    this.#db.exec(`PRAGMA busy_timeout = ${WAIT_MS}`);
    try {
      const pinned = this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy !== 0;
      this.#triedAt = pinned ? performance.now() : Number.NEGATIVE_INFINITY;
      return !pinned;
    } finally {
      this.#db.exec(`PRAGMA busy_timeout = ${timeout}`);
    }
  }
}
