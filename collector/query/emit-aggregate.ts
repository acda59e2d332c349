import type { Scalar } from '../../parsers/kql/plan.ts';
import type { NamedAggregate } from '../../parsers/kql/relation.ts';
import type { EmitContext } from './emit-context.ts';
import { type ColumnReader, emitPredicate, emitScalar } from './emit-scalar.ts';
import { unreachable } from './scalar-columns.ts';
import { bind, EMPTY, joinSql, type Sql, sql } from './sql.ts';

/** Kusto's own cap on make_set and make_list. Source: Kusto documentation, "make_set() (aggregation function)". */
const MAX_MEMBERS = 1_048_576;

/**
 * An aggregate of `summarize`. Nulls are skipped by all but count(), arg_max() and arg_min(); a string is never null, so
 * '' counts. `order` is the order of the rows, in which make_list() lists them.
 */
export function emitAggregate(
  named: NamedAggregate,
  order: readonly Sql[],
  column: ColumnReader,
  context: EmitContext,
): Sql {
  const { condition } = named;
  const call = emitCall(named, order, column, context);
  if (!condition) return call;
  return sql`${call} FILTER (WHERE ${emitPredicate(condition, column, context)})`;
}

/** What an aggregate reads of each row. */
export function scalarsOf({ arg, key, condition }: NamedAggregate): readonly Scalar[] {
  return [arg, key, condition].filter((scalar) => scalar !== undefined);
}

function emitCall(
  { aggregate, arg, key, maxSize = MAX_MEMBERS }: NamedAggregate,
  order: readonly Sql[],
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
    case 'sum':
      return sql`kql_sum(${value}, ${bind(arg.type)})`;
    case 'avg':
      return sql`kql_avg(${value}, ${bind(arg.type)})`;
    case 'make_set':
      return sql`kql_make_set(${value}, ${bind(arg.type)}, ${bind(BigInt(maxSize))})`;
    case 'make_list': {
      const ordered = order.length === 0 ? EMPTY : sql` ORDER BY ${joinSql(order, ', ')}`;
      return sql`kql_make_list(${value}, ${bind(arg.type)}, ${bind(BigInt(maxSize))}${ordered})`;
    }
    case 'take_any':
      return sql`kql_take_any(${value})`;
    case 'arg_max':
    case 'arg_min': {
      if (!key) throw new Error(`${aggregate}() has no key`);
      const found = emitScalar(key, column, context);
      return aggregate === 'arg_max'
        ? sql`kql_arg_max(${found}, ${value})`
        : sql`kql_arg_min(${found}, ${value})`;
    }
    default:
      return unreachable(aggregate);
  }
}
