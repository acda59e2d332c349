import type { EmitContext } from './emit-context.ts';
import type { ColumnReader } from './emit-scalar.ts';
import { identifier, joinSql, type Sql, sql } from './sql.ts';

/** A SELECT, the alias that each of its KQL columns has, and the order that its rows are in. */
export interface EmittedRelation {
  readonly select: Sql;
  readonly aliases: ReadonlyMap<string, string>;
  /** A subquery's ORDER BY binds nobody in SQL, so the keys travel along as columns until LIMIT or the end uses them. */
  readonly order: readonly OrderTerm[];
}

export interface OrderTerm {
  readonly alias: string;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export interface NamedSql {
  readonly name: string;
  readonly value: Sql;
}

/** `value AS alias` for each, with fresh aliases. A SELECT needs at least one column, so an empty list is NULL. */
export function selectList(values: readonly NamedSql[], context: EmitContext) {
  const aliases = new Map(values.map(({ name }) => [name, context.newAlias()]));
  const list = values.map(
    ({ name, value }) => sql`${value} AS ${identifier(aliases.get(name) ?? '')}`,
  );
  return { aliases, list: list.length > 0 ? joinSql(list, ', ') : sql`NULL` };
}

/** The columns in `kept` and those of the order, under the aliases that they have. */
export function passThrough(input: EmittedRelation, kept: ReadonlySet<string>) {
  const aliases = new Map([...input.aliases].filter(([name]) => kept.has(name)));
  const names = new Set([...aliases.values(), ...input.order.map(({ alias }) => alias)]);
  const list = [...names].map(identifier);
  return { aliases, list: list.length > 0 ? joinSql(list, ', ') : sql`NULL` };
}

export function reader(input: EmittedRelation): ColumnReader {
  return (name) => {
    const alias = input.aliases.get(name);
    if (alias === undefined) throw new Error(`the plan reads ${name}, which its input lacks`);
    return identifier(alias);
  };
}
