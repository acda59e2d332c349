import type { CellValue } from '../../../parsers/kql/plan.ts';
import type { QueryLimits } from '../store.ts';
import { StoreError } from '../store-error.ts';

/** Calls between two looks at the clock: about a tenth of a millisecond of SQL. */
const CALLS_PER_CHECK = 1024;

/**
 * Stops a query that passes its limits. SQLite runs a statement without ever returning to JavaScript except through
 * registered functions, so those call tick(); every compiled query calls one for each row it reads.
 */
export class QueryGuard {
  readonly #cancelled: () => boolean;
  #limits: QueryLimits = { rows: 0, bytes: 0, milliseconds: 0 };
  #deadline = 0;
  #calls = 0;
  #rows = 0;
  #bytes = 0;

  constructor(cancelled: () => boolean) {
    this.#cancelled = cancelled;
  }

  start(limits: QueryLimits): void {
    this.#limits = limits;
    this.#deadline = performance.now() + limits.milliseconds;
    this.#calls = 0;
    this.#rows = 0;
    this.#bytes = 0;
  }

  tick(): void {
    this.#calls += 1;
    if (this.#calls % CALLS_PER_CHECK === 0) this.check();
  }

  check(): void {
    if (this.#cancelled()) throw new StoreError('cancelled', 'the query was cancelled');
    if (performance.now() > this.#deadline)
      throw new StoreError(
        'timed-out',
        `the query ran longer than ${this.#limits.milliseconds} ms: narrow it down`,
      );
  }

  row(cells: readonly CellValue[]): void {
    this.tick();
    this.#rows += 1;
    if (this.#rows > this.#limits.rows)
      throw new StoreError(
        'too-many-rows',
        `the answer has more than ${this.#limits.rows} rows: add take, top or summarize`,
      );
    for (const cell of cells) this.bytes(typeof cell === 'string' ? cell.length : 8);
  }

  /** Counts what an answer keeps in memory, sets that are still growing included. */
  bytes(count: number): void {
    this.#bytes += count;
    if (this.#bytes > this.#limits.bytes)
      throw new StoreError(
        'too-many-bytes',
        `the answer has more than ${this.#limits.bytes} bytes: project fewer columns or summarize`,
      );
  }
}
