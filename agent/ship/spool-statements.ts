import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RefusedBatch, SpoolCount } from './spool.ts';
import type { EncodedBody, SpoolTable } from './spool-batch.ts';

/** A batch as the spool's table has it. */
export interface StoredBatch extends EncodedBody {
  readonly seq: number;
  readonly table: SpoolTable;
  readonly rows: number;
  readonly rank: number;
  readonly scanId: string;
  readonly sealed: number;
}

/** Sweeps that lost records and whose sweep row has not come yet. Those of killed sweeps never come. */
const MOST_LOST = 1000;

/** A sweep row waits for the records of its sweep. */
const NEXT = `
  SELECT seq, id, tableName AS "table", rows, rank, scanId, sealed, body FROM batch
  WHERE refusal IS NULL AND (rank < 2 OR NOT EXISTS (
    SELECT 1 FROM batch AS other WHERE other.scanId = batch.scanId AND other.rank < 2 AND other.refusal IS NULL))
  ORDER BY rank DESC, seq LIMIT 1`;

/** The spool's SQL. Transactions are the caller's. */
export class SpoolStatements {
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #next: StatementSync;
  readonly #remove: StatementSync;
  readonly #count: StatementSync;
  readonly #size: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#insert = db.prepare(
      'INSERT INTO batch (id, tableName, rows, rank, scanId, createdMs, size, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#next = db.prepare(NEXT);
    this.#remove = db.prepare('DELETE FROM batch WHERE seq = ?');
    this.#count = db.prepare(
      'SELECT count(*) AS batches, coalesce(sum(rows), 0) AS rows FROM batch WHERE refusal IS NULL',
    );
    this.#size = db.prepare('SELECT coalesce(sum(size), 0) AS size FROM batch');
  }

  insert(batch: Omit<StoredBatch, 'seq' | 'sealed'>): void {
    const { id, table, rows, rank, scanId, body } = batch;
    this.#insert.run(id, table, rows, rank, scanId, Date.now(), body.length, body);
  }

  next(): StoredBatch | undefined {
    return this.#next.get() as unknown as StoredBatch | undefined;
  }

  remove(seq: number): void {
    this.#remove.run(seq);
  }

  refuse(seq: number, refusal: string): void {
    this.#db.prepare('UPDATE batch SET refusal = ? WHERE seq = ?').run(refusal, seq);
  }

  retryRefused(): number {
    const { changes } = this.#db
      .prepare('UPDATE batch SET refusal = NULL WHERE refusal IS NOT NULL')
      .run();
    return Number(changes);
  }

  seal(seq: number, { id, body }: EncodedBody): void {
    this.#db
      .prepare('UPDATE batch SET id = ?, body = ?, size = ?, sealed = 1 WHERE seq = ?')
      .run(id, body, body.length, seq);
  }

  count(): SpoolCount {
    return this.#count.get() as unknown as SpoolCount;
  }

  refused(): RefusedBatch[] {
    const sql = `SELECT id, tableName AS "table", rows, createdMs, refusal FROM batch
      WHERE refusal IS NOT NULL ORDER BY seq LIMIT 1000`;
    return this.#db.prepare(sql).all() as unknown as RefusedBatch[];
  }

  /** Remembers that the sweep of batch `seq` has lost records. */
  lose(seq: number): void {
    this.#db
      .prepare('INSERT OR IGNORE INTO lost SELECT scanId FROM batch WHERE seq = ? AND rank < 2')
      .run(seq);
    this.#db
      .prepare('DELETE FROM lost WHERE rowid <= (SELECT max(rowid) FROM lost) - ?')
      .run(MOST_LOST);
  }

  /** What the next sweep row has to tell; it is told once. */
  takeLosses(scanId: string): { readonly dropped: number; readonly incomplete: boolean } {
    const counter = this.#db.prepare("SELECT value FROM counter WHERE name = 'dropped'").get();
    this.#db.exec("DELETE FROM counter WHERE name = 'dropped'");
    const { changes } = this.#db.prepare('DELETE FROM lost WHERE scanId = ?').run(scanId);
    return { dropped: Number(counter?.value ?? 0), incomplete: Number(changes) > 0 };
  }

  /**
   * Drops whole batches until what is left has at most `capBytes`: unflagged ones first, of those the refused ones, of
   * those the oldest. `keep` is on its way. Returns the rows that are gone.
   */
  dropBeyond(capBytes: number, keep: number): number {
    let excess = Number(this.#size.get()?.size) - capBytes;
    if (excess <= 0) return 0;
    let dropped = 0;
    const victims = this.#db.prepare(
      'SELECT seq, rows, size FROM batch WHERE seq <> ? ORDER BY rank, refusal IS NULL, seq',
    );
    for (const { seq, rows, size } of victims.all(keep)) {
      if (excess <= 0) break;
      this.lose(Number(seq));
      this.remove(Number(seq));
      excess -= Number(size);
      dropped += Number(rows);
    }
    this.#db
      .prepare(
        `INSERT INTO counter VALUES ('dropped', ?1) ON CONFLICT (name) DO UPDATE SET value = value + ?1`,
      )
      .run(dropped);
    return dropped;
  }

  /** Gives the pages of what has been sent back to the file system. */
  shrink(): void {
    this.#db.exec('PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);');
  }
}
