/** What one compilation shares: the query's now() and the names it has given out. */
export class EmitContext {
  /** now() of the query, 100 ns ticks. */
  readonly now: bigint;
  #aliases = 0;

  constructor(now: bigint) {
    this.now = now;
  }

  /** A name that no other column of this query has. Names in the query text never reach SQL. */
  newAlias(): string {
    this.#aliases += 1;
    return `c${this.#aliases}`;
  }
}
