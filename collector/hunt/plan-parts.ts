/** Plans of the hunt's own questions, made without the KQL parser, which takes seconds to load. */
import { PLAN_VERSION, type Plan, type ResultColumn, type Scalar } from '../../parsers/kql/plan.ts';
import type { AggregateFunction, NamedAggregate, Relation } from '../../parsers/kql/relation.ts';
import { type TableColumns, type TableName, tables } from '../../parsers/record/columns.ts';
import type { TimeWindow } from './time-ranges.ts';

/** These nodes come from no text. */
const NOWHERE = { start: 0, length: 0 };

type Table = Extract<Relation, { kind: 'table' }>;

export function planOf(root: Relation): Plan {
  return { version: PLAN_VERSION, root };
}

/** A table with all its columns. */
export function table(name: TableName): Table {
  const columns = Object.entries<TableColumns[string]>(tables[name]).map(([column, { type }]) => ({
    name: column,
    type,
  }));
  return { kind: 'table', table: name, columns, span: NOWHERE };
}

/** `input | where a | where b ...` */
export function where(input: Relation, ...predicates: readonly Scalar[]): Relation {
  return predicates.reduce<Relation>(
    (from, predicate) => ({
      kind: 'where',
      input: from,
      predicate,
      columns: from.columns,
      span: NOWHERE,
    }),
    input,
  );
}

/** `input | project names` */
export function project(input: Relation, names: readonly string[]): Relation {
  const values = names.map((name) => ({ name, value: column(input, name) }));
  return { kind: 'project', input, values, columns: columnsFor(values), span: NOWHERE };
}

/** `input | summarize aggregates by names`; an aggregate as `['Last', 'max', 'Timestamp']`, a set with its cap. */
export function summarize(
  input: Relation,
  aggregates: readonly (readonly [
    name: string,
    aggregate: AggregateFunction,
    of?: string,
    maxSize?: number,
  ])[],
  by: readonly string[] = [],
): Relation {
  const groups = by.map((name) => ({ name, value: column(input, name) }));
  const made = aggregates.map(([name, aggregate, of, maxSize]): NamedAggregate => {
    const arg = of === undefined ? undefined : column(input, of);
    const isCount = aggregate === 'count' || aggregate === 'dcount';
    const type = aggregate === 'make_set' ? 'dynamic' : isCount || !arg ? 'long' : arg.type;
    const cap = maxSize === undefined ? {} : { maxSize };
    return { name, aggregate, ...(arg && { arg }), ...cap, type, span: NOWHERE };
  });
  const columns = [...columnsFor(groups), ...made.map(({ name, type }) => ({ name, type }))];
  return { kind: 'summarize', input, by: groups, aggregates: made, columns, span: NOWHERE };
}

export function column(input: Relation, name: string): Extract<Scalar, { kind: 'column' }> {
  const found = input.columns.find((each) => each.name === name);
  if (!found) throw new Error(`no column ${name}`);
  return { kind: 'column', name, type: found.type, span: NOWHERE };
}

/** `name == value` */
export function equals(input: Relation, name: string, value: string | boolean): Scalar {
  const type = typeof value === 'string' ? 'string' : 'bool';
  const right = { kind: 'literal', literal: { type, value }, type, span: NOWHERE } as Scalar;
  const left = column(input, name);
  return { kind: 'compare', operator: '==', left, right, type: 'bool', span: NOWHERE };
}

/** `input | top count by Timestamp desc` */
export function newest(input: Relation, count: number): Relation {
  const keys = [{ value: column(input, 'Timestamp'), descending: true, nullsFirst: false }];
  return { kind: 'top', input, count, keys, columns: input.columns, span: NOWHERE };
}

export function not(operand: Scalar): Scalar {
  return { kind: 'not', operand, type: 'bool', span: NOWHERE };
}

/** `tostring(name) contains_cs text`: of a dynamic column, whose JSON has no blanks. */
export function jsonContains(input: Relation, name: string, text: string): Scalar {
  const needle: Scalar = {
    kind: 'literal',
    literal: { type: 'string', value: text },
    type: 'string',
    span: NOWHERE,
  };
  return {
    kind: 'string-match',
    operator: 'contains',
    negated: false,
    caseSensitive: true,
    value: {
      kind: 'call',
      name: 'tostring',
      args: [column(input, name)],
      type: 'string',
      span: NOWHERE,
    },
    needles: [needle],
    type: 'bool',
    span: NOWHERE,
  };
}

/** `name in (values)` */
export function isIn(input: Relation, name: string, values: readonly string[]): Scalar {
  const list = values.map(
    (value): Scalar => ({
      kind: 'literal',
      literal: { type: 'string', value },
      type: 'string',
      span: NOWHERE,
    }),
  );
  return {
    kind: 'in',
    negated: false,
    caseSensitive: true,
    value: column(input, name),
    list,
    type: 'bool',
    span: NOWHERE,
  };
}

/** `Timestamp between (from .. to)` */
export function isWithin(input: Relation, { from, to }: TimeWindow): Scalar {
  const end = (ticks: bigint): Scalar => ({
    kind: 'literal',
    literal: { type: 'datetime', value: ticks.toString() },
    type: 'datetime',
    span: NOWHERE,
  });
  return {
    kind: 'between',
    negated: false,
    value: column(input, 'Timestamp'),
    low: end(from),
    high: end(to),
    type: 'bool',
    span: NOWHERE,
  };
}

function columnsFor(values: readonly { name: string; value: Scalar }[]): ResultColumn[] {
  return values.map(({ name, value: { type } }) => ({ name, type }));
}
