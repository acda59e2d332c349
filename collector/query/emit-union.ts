import type { EmitContext } from './emit-context.ts';
import { type EmittedRelation, reader, selectList } from './emitted-relation.ts';
import { joinSql, type Sql, sql } from './sql.ts';

/** UNION ALL of `inputs`, which all have the columns in `needed`. */
export function emitUnion(
  inputs: readonly EmittedRelation[],
  needed: ReadonlySet<string>,
  context: EmitContext,
): EmittedRelation {
  let aliases: ReadonlyMap<string, string> = new Map();
  const legs = inputs.map((input, index): Sql => {
    const column = reader(input);
    const leg = selectList(
      [...needed].map((name) => ({ name, value: column(name) })),
      context,
    );
    if (index === 0) aliases = leg.aliases; // a compound SELECT has the names of its first one
    return sql`SELECT ${leg.list} FROM (${input.select})`;
  });
  return { select: joinSql(legs, ' UNION ALL '), aliases, order: [] };
}
