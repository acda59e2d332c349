import type { Plan, ResultColumn } from '../../parsers/kql/plan.ts';
import { EmitContext } from './emit-context.ts';
import { emitOrder, emitRelation } from './emit-relation.ts';
import { pushFilters } from './push-filters.ts';
import { EMPTY, identifier, joinSql, type Sql, sql } from './sql.ts';

export interface CompiledQuery {
  readonly query: Sql;
  /** The answer's columns, in the order of the SELECT. */
  readonly columns: readonly ResultColumn[];
}

/**
 * A plan as one SELECT for the tables of store/sqlite/schema.ts and the functions of store/sqlite/kql-functions.ts.
 * Every value is bound; every name comes from columns.ts or is made here.
 */
export function compileSql({ root }: Plan, now: bigint): CompiledQuery {
  const columns = root.columns;
  const context = new EmitContext(now);
  const emitted = emitRelation(
    pushFilters(root),
    new Set(columns.map(({ name }) => name)),
    context,
  );
  const list = columns.map(({ name }) => identifier(emitted.aliases.get(name) ?? ''));
  const order = emitOrder(emitted.order);
  const shared = context.shared.length > 0 ? sql`WITH ${joinSql(context.shared, ', ')} ` : EMPTY;
  return {
    query: sql`${shared}SELECT ${joinSql(list, ', ')} FROM (${emitted.select})${order}`,
    columns,
  };
}
