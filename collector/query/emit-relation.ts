import type { Scalar } from '../../parsers/kql/plan.ts';
import type { NamedScalar, Relation, SortKey } from '../../parsers/kql/relation.ts';
import { emitAggregate, scalarsOf } from './emit-aggregate.ts';
import type { EmitContext } from './emit-context.ts';
import { emitDatatable } from './emit-datatable.ts';
import { emitJoin, joinNeeds } from './emit-join.ts';
import { emitMvExpand, expandedNames } from './emit-mv-expand.ts';
import { type ColumnReader, emitPredicate, emitScalar } from './emit-scalar.ts';
import { emitTable } from './emit-table.ts';
import { emitUnion } from './emit-union.ts';
import {
  type EmittedRelation,
  type NamedSql,
  type OrderTerm,
  passThrough,
  reader,
  selectList,
} from './emitted-relation.ts';
import { columnsOf, unreachable } from './scalar-columns.ts';
import { bind, EMPTY, identifier, joinSql, type Sql, sql } from './sql.ts';

/** `relation` as a SELECT of the columns in `needed` (and those that its order needs). */
export function emitRelation(
  relation: Relation,
  needed: ReadonlySet<string>,
  context: EmitContext,
): EmittedRelation {
  switch (relation.kind) {
    case 'table':
      return emitFiltered(relation, [], needed, context);
    case 'where':
      return emitFiltered(relation, [], needed, context);
    case 'extend': {
      const kept = except(
        needed,
        relation.values.map(({ name }) => name),
      );
      return emitValues(relation, relation.values, kept, needed, context);
    }
    case 'project':
      return emitValues(relation, relation.values, NOTHING, needed, context);
    case 'distinct': {
      const all = new Set(relation.values.map(({ name }) => name));
      const { select, aliases } = emitValues(
        relation,
        relation.values,
        NOTHING,
        all,
        context,
        true,
      );
      return { select, aliases, order: [] };
    }
    case 'summarize':
      return emitSummarize(relation, context);
    case 'sort':
      return emitSort(relation.input, relation.keys, needed, context);
    case 'top':
      return limit(emitSort(relation.input, relation.keys, needed, context), relation.count);
    case 'take':
      return limit(emitRelation(relation.input, needed, context), relation.count);
    case 'count': {
      const input = emitRelation(relation.input, NOTHING, context);
      const alias = context.newAlias();
      const name = relation.columns[0]?.name ?? 'Count';
      const select = sql`SELECT COUNT(*) AS ${identifier(alias)} FROM (${input.select})`;
      return { select, aliases: new Map([[name, alias]]), order: [] };
    }
    case 'datatable':
      return emitDatatable(relation, context);
    case 'union': {
      const inputs = relation.inputs.map((input) => emitRelation(input, needed, context));
      return emitUnion(inputs, needed, context);
    }
    case 'join': {
      const needs = joinNeeds(relation, needed);
      const left = emitRelation(relation.input, needs.left, context);
      const right = emitRelation(relation.right, needs.right, context);
      return emitJoin(relation, left, right, needed, context);
    }
    case 'mv-expand': {
      const kept = except(needed, expandedNames(relation));
      const read = relation.expanded.flatMap(({ value }) => columnNames(value));
      const input = emitRelation(relation.input, union(kept, read), context);
      return emitMvExpand(relation, input, kept, needed, context);
    }
    case 'materialize':
      return emitShared(relation, context);
    default:
      return unreachable(relation);
  }
}

export function emitOrder(order: readonly OrderTerm[]): Sql {
  return order.length === 0 ? EMPTY : sql` ORDER BY ${joinSql(orderTerms(order), ', ')}`;
}

function orderTerms(order: readonly OrderTerm[]): readonly Sql[] {
  return order.map(({ alias, descending, nullsFirst }) => {
    const direction = descending ? sql`DESC` : sql`ASC`;
    return sql`${identifier(alias)} ${direction} ${nullsFirst ? sql`NULLS FIRST` : sql`NULLS LAST`}`;
  });
}

const NOTHING: ReadonlySet<string> = new Set();

/**
 * A materialized input as a table of the WITH clause, once however often the plan has it: two that are equal, places in
 * the text included, are one.
 */
function emitShared(relation: Of<'materialize'>, context: EmitContext): EmittedRelation {
  const { aliases, from } = context.share(JSON.stringify(relation.input), () =>
    emitRelation(relation.input, new Set(relation.columns.map(({ name }) => name)), context),
  );
  const [row = 'NULL'] = aliases.values();
  const select = sql`SELECT * FROM ${from} WHERE kql_alive(${identifier(row)})`;
  return { select, aliases, order: [] };
}

type Of<Kind extends Relation['kind']> = Extract<Relation, { kind: Kind }>;

/** A chain of `where` steps. Directly after a table they become part of its one SELECT, where its indexes can serve them. */
function emitFiltered(
  relation: Relation,
  predicates: readonly Scalar[],
  needed: ReadonlySet<string>,
  context: EmitContext,
): EmittedRelation {
  if (relation.kind === 'where')
    return emitFiltered(relation.input, [relation.predicate, ...predicates], needed, context);
  if (relation.kind === 'table') {
    const source = emitTable(relation.table, predicates, needed, context);
    const { aliases, list } = selectList(named(needed, source.column), context);
    const select = sql`SELECT ${list} FROM ${source.from} WHERE ${source.where}`;
    return { select, aliases, order: [] };
  }
  const input = emitRelation(relation, union(needed, predicates.flatMap(columnNames)), context);
  const where = predicates.map((predicate) => emitPredicate(predicate, reader(input), context));
  const { aliases, list } = passThrough(input, needed);
  const select = sql`SELECT ${list} FROM (${input.select}) WHERE ${joinSql(where, ' AND ')}`;
  return { select, aliases, order: input.order };
}

/** extend, project and distinct: `kept` columns of the input as they are, then the values that are needed. */
function emitValues(
  relation: Of<'extend' | 'project' | 'distinct'>,
  values: readonly NamedScalar[],
  kept: ReadonlySet<string>,
  needed: ReadonlySet<string>,
  context: EmitContext,
  distinct = false,
): EmittedRelation {
  const computed = values.filter(({ name }) => needed.has(name));
  const read = computed.flatMap(({ value }) => columnNames(value));
  const input = emitRelation(relation.input, union(kept, read), context);
  const columns = reader(input);
  const fresh = selectList(
    computed.map(({ name, value }) => ({ name, value: emitScalar(value, columns, context) })),
    context,
  );
  if (distinct)
    return {
      select: sql`SELECT DISTINCT ${fresh.list} FROM (${input.select})`,
      aliases: fresh.aliases,
      order: [],
    };
  const old = passThrough(input, kept);
  const select = sql`SELECT ${old.list}, ${fresh.list} FROM (${input.select})`;
  return { select, aliases: new Map([...old.aliases, ...fresh.aliases]), order: input.order };
}

/** Every `by` is kept, needed or not: it decides how many rows there are. Without one there is exactly one row. */
function emitSummarize(relation: Of<'summarize'>, context: EmitContext): EmittedRelation {
  const read = [
    ...relation.by.flatMap(({ value }) => columnNames(value)),
    ...relation.aggregates.flatMap(scalarsOf).flatMap(columnNames),
  ];
  const input = emitRelation(relation.input, new Set(read), context);
  const columns = reader(input);
  const by = selectList(
    relation.by.map(({ name, value }) => ({ name, value: emitScalar(value, columns, context) })),
    context,
  );
  const aggregates = selectList(
    relation.aggregates.map((aggregate) => ({
      name: aggregate.name,
      value: emitAggregate(aggregate, orderTerms(input.order), columns, context),
    })),
    context,
  );
  const group = [...by.aliases.values()].map(identifier);
  const groupBy = group.length > 0 ? sql` GROUP BY ${joinSql(group, ', ')}` : EMPTY;
  const select = sql`SELECT ${by.list}, ${aggregates.list} FROM (${input.select})${groupBy}`;
  return { select, aliases: new Map([...by.aliases, ...aggregates.aliases]), order: [] };
}

function emitSort(
  relation: Relation,
  keys: readonly SortKey[],
  needed: ReadonlySet<string>,
  context: EmitContext,
): EmittedRelation {
  const read = keys.flatMap(({ value }) => columnNames(value));
  const input = emitRelation(relation, union(needed, read), context);
  const columns = reader(input);
  const order = keys.map((key) => ({ ...key, alias: context.newAlias() }));
  const { aliases, list } = passThrough({ ...input, order: [] }, needed);
  const keyList = order.map(
    ({ value, alias }) => sql`${emitScalar(value, columns, context)} AS ${identifier(alias)}`,
  );
  const select = sql`SELECT ${list}, ${joinSql(keyList, ', ')} FROM (${input.select})`;
  return { select, aliases, order };
}

function limit(input: EmittedRelation, count: number): EmittedRelation {
  const order = emitOrder(input.order);
  const select = sql`SELECT * FROM (${input.select})${order} LIMIT ${bind(count)}`;
  return { ...input, select };
}

function named(names: ReadonlySet<string>, column: ColumnReader): NamedSql[] {
  return [...names].map((name) => ({ name, value: column(name) }));
}

function columnNames(scalar: Scalar): string[] {
  return [...columnsOf(scalar)];
}

function union(names: ReadonlySet<string>, more: readonly string[]): ReadonlySet<string> {
  return new Set([...names, ...more]);
}

function except(names: ReadonlySet<string>, removed: readonly string[]): ReadonlySet<string> {
  return new Set([...names].filter((name) => !removed.includes(name)));
}
