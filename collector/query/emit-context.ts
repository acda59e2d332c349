import { identifier, type Sql, sql } from './sql.ts';

interface Selected {
  readonly select: Sql;
  readonly aliases: ReadonlyMap<string, string>;
}

interface Shared {
  /** The table that holds the rows. */
  readonly from: Sql;
  readonly aliases: ReadonlyMap<string, string>;
}

/** What one compilation shares: the query's now(), the names it has given out, and the SELECTs that are worked out once. */
export class EmitContext {
  /** now() of the query, 100 ns ticks. */
  readonly now: bigint;
  /** `name AS MATERIALIZED (SELECT ...)`, each after those that it reads. */
  readonly shared: Sql[] = [];
  readonly #tables = new Map<string, Shared>();
  #aliases = 0;

  constructor(now: bigint) {
    this.now = now;
  }

  /** A name that no other column of this query has. Names in the query text never reach SQL. */
  newAlias(): string {
    this.#aliases += 1;
    return `c${this.#aliases}`;
  }

  /** What `emit` selects, as a table: the same one for the same key. */
  share(key: string, emit: () => Selected): Shared {
    const known = this.#tables.get(key);
    if (known) return known;
    const { select, aliases } = emit();
    const from = identifier(this.newAlias());
    this.shared.push(sql`${from} AS MATERIALIZED (${select})`);
    const table = { from, aliases };
    this.#tables.set(key, table);
    return table;
  }
}
