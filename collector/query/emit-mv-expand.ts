import type { Relation } from '../../parsers/kql/relation.ts';
import type { EmitContext } from './emit-context.ts';
import { emitScalar } from './emit-scalar.ts';
import { type EmittedRelation, passThrough, reader, selectList } from './emitted-relation.ts';
import { bind, joinSql, sql } from './sql.ts';

type MvExpand = Extract<Relation, { kind: 'mv-expand' }>;

/** The names that `mv-expand` gives its own values. The others come from the input. */
export function expandedNames({ expanded, index }: MvExpand): readonly string[] {
  const names = expanded.map(({ name }) => name);
  return index === undefined ? names : [...names, index];
}

/** kql_expand makes the new rows of one row as a JSON array, json_each walks it, kql_element takes each cell out. */
export function emitMvExpand(
  relation: MvExpand,
  input: EmittedRelation,
  kept: ReadonlySet<string>,
  needed: ReadonlySet<string>,
  context: EmitContext,
): EmittedRelation {
  const column = reader(input);
  const values = relation.expanded.map(({ value }) => emitScalar(value, column, context));
  const limit = BigInt(relation.limit ?? Number.MAX_SAFE_INTEGER);
  const args = joinSql([bind(relation.bagsAsPairs ? 1n : 0n), bind(limit), ...values], ', ');
  const cells = relation.expanded.map(({ name, type }, place) => ({
    name,
    value: sql`kql_element(j.value, ${bind(BigInt(place))}, ${bind(type)})`,
  }));
  const all =
    relation.index === undefined ? cells : [...cells, { name: relation.index, value: sql`j.key` }];
  const fresh = selectList(
    all.filter(({ name }) => needed.has(name)),
    context,
  );
  const old = passThrough(input, kept);
  const select = sql`SELECT ${old.list}, ${fresh.list} FROM (${input.select}) CROSS JOIN json_each(kql_expand(${args})) AS j WHERE kql_alive(j.key)`;
  return { select, aliases: new Map([...old.aliases, ...fresh.aliases]), order: input.order };
}
