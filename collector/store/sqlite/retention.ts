import type { DatabaseSync } from 'node:sqlite';
import { sql } from '../../query/sql.ts';
import type { DictionaryTable } from './dictionary-table.ts';
import { readTime } from './store-status.ts';
import { observationColumn } from './stored-time.ts';
import { inTransaction } from './transaction.ts';
import { unusedRows } from './unused-rows.ts';

/** Rows removed in one transaction: some 50 ms, for which a batch may have to wait. */
const SLICE = 2_000;
/** Pages given back to the file system in one transaction: 4 MB. */
const PAGES = 1_000;
/**
 * How much longer than rows the ids of batches are kept. An agent whose batch waited in its spool beyond that is not told
 * that it is a duplicate; its rows are then compared one by one, and those that were removed come back until the next time.
 */
const BATCH_MARGIN_TICKS = 7n * 24n * 3600n * 10_000_000n;

export interface RetentionStep {
  /** Records and sweep rows of this step. */
  readonly removed: number;
  readonly done: boolean;
}

/**
 * Removes what is old and gives the space back, one short transaction a step. Who interrupts it, a kill included, loses
 * nothing: the next one begins again.
 */
export class Retention {
  readonly #db: DatabaseSync;
  readonly #tables: readonly DictionaryTable[];
  #steps: Generator<number> | undefined;
  #removed = 0;

  constructor(db: DatabaseSync, tables: readonly DictionaryTable[]) {
    this.#db = db;
    this.#tables = tables;
  }

  /** The next step of removing what is older than `before`. `at`: the time to remember when it is done. Both in ticks. */
  step(before: bigint, at: bigint): RetentionStep {
    this.#steps ??= steps(this.#db, this.#tables, before);
    try {
      const { value, done } = this.#steps.next();
      const removed = value ?? 0;
      this.#removed += removed;
      if (done) this.#finish(at);
      return { removed, done: done === true };
    } catch (error) {
      this.#forget();
      throw error;
    }
  }

  #finish(at: bigint): void {
    const remember = this.#db.prepare('INSERT OR REPLACE INTO fact VALUES (?, ?)');
    inTransaction(this.#db, () => {
      remember.run('retention-at', at);
      remember.run('retention-removed', this.#removed);
    });
    this.#forget();
  }

  #forget(): void {
    this.#steps = undefined;
    this.#removed = 0;
  }
}

function* steps(
  db: DatabaseSync,
  tables: readonly DictionaryTable[],
  before: bigint,
): Generator<number> {
  let removed = 0;
  for (const slice of oldRows(db, before)) {
    removed += slice;
    yield slice;
  }
  if (removed === 0) return;
  for (const _step of unusedRows(db, tables)) yield 0;
  for (const _step of freePages(db)) yield 0;
}

function* oldRows(db: DatabaseSync, before: bigint): Generator<number> {
  // Dated after all that ever came, and yet received before: a clock that was wrong, or a sender who wants to stay for ever.
  const newest = readTime(db, 'SELECT MAX(receivedTime) AS time FROM batch') ?? before;
  const future = newest > before ? newest : before;
  const received = observationColumn(sql`o`, 'ReceivedTime');
  const key = 'Timestamp, device, path, slot';
  const observations = `WHERE (${key}) IN (SELECT ${key} FROM observation`;
  const sweeps = 'WHERE key IN (SELECT key FROM sweep';
  const batches = 'WHERE (id, tableName) IN (SELECT id, tableName FROM batch';
  yield* slices(db, `observation ${observations} WHERE Timestamp < ?`, [before]);
  yield* slices(
    db,
    `observation ${observations} AS o WHERE Timestamp > ? AND ${received.text} < ?`,
    [future, before],
  );
  yield* slices(db, `sweep ${sweeps} WHERE Timestamp < ?`, [before]);
  yield* slices(db, `sweep ${sweeps} WHERE Timestamp > ? AND ReceivedTime < ?`, [future, before]);
  for (const _slice of slices(db, `batch ${batches} WHERE receivedTime < ?`, [
    before - BATCH_MARGIN_TICKS,
  ]))
    yield 0;
}

function* slices(db: DatabaseSync, what: string, values: readonly bigint[]): Generator<number> {
  const remove = db.prepare(`DELETE FROM ${what} LIMIT ${SLICE})`);
  const count = db.prepare("UPDATE fact SET value = value - ? WHERE name = 'observations'");
  for (let removed = SLICE; removed === SLICE; ) {
    removed = inTransaction(db, () => {
      const { changes } = remove.run(...values);
      if (what.startsWith('observation')) count.run(changes);
      return Number(changes);
    });
    yield removed;
  }
}

/** Only a database with incremental auto-vacuum has pages to give back; another keeps them for rows to come. */
function* freePages(db: DatabaseSync): Generator<void> {
  const free = db.prepare('PRAGMA freelist_count');
  const pages = () => Number(free.get()?.freelist_count);
  for (
    let before = Number.POSITIVE_INFINITY, now = pages();
    now > 0 && now < before;
    now = pages()
  ) {
    before = now;
    db.exec(`PRAGMA incremental_vacuum(${PAGES})`);
    yield;
  }
}
