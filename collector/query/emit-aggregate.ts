import type { NamedAggregate } from '../../parsers/kql/relation.ts';
import type { EmitContext } from './emit-context.ts';
import { type ColumnReader, emitScalar } from './emit-scalar.ts';
import { unreachable } from './scalar-columns.ts';
import { bind, type Sql, sql } from './sql.ts';

/** Kusto's own cap on make_set. Source: Kusto documentation, "make_set() (aggregation function)". */
const MAX_SET_SIZE = 1_048_576;

/** An aggregate of `summarize`. All of them skip nulls; a string is never null, so '' counts. */
export function emitAggregate(
  { aggregate, arg, maxSize = MAX_SET_SIZE }: NamedAggregate,
  column: ColumnReader,
  context: EmitContext,
): Sql {
  if (aggregate === 'count') return sql`COUNT(*)`;
  if (!arg) throw new Error(`${aggregate}() has no argument`);
  const value = emitScalar(arg, column, context);
  switch (aggregate) {
    case 'min':
      return sql`MIN(${value})`;
    case 'max':
      return sql`MAX(${value})`;
    case 'dcount':
      return sql`COUNT(DISTINCT ${value})`;
    case 'make_set':
      return sql`kql_make_set(${value}, ${bind(arg.type)}, ${bind(BigInt(maxSize))})`;
    default:
      return unreachable(aggregate);
  }
}
