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

/**
 * `input | project names`, where each name that `most` has is cut to so many characters, a dynamic one as its JSON text:
 * senders write up to 32,768 into a string.
 */
export function projectShort(
  input: Relation,
  names: readonly string[],
  most: Readonly<Record<string, number>>,
): Relation {
  const values = names.map((name) => {
    const whole = column(input, name);
    const length = most[name];
    return { name, value: length === undefined ? whole : cut(whole, length) };
  });
  return { kind: 'project', input, values, columns: columnsFor(values), span: NOWHERE };
}

/** `substring(tostring(value), 0, length)` */
function cut(value: Scalar, length: number): Scalar {
  const whole = {
    kind: 'call',
    name: 'tostring',
    args: [value],
    type: 'string',
    span: NOWHERE,
  } as const;
  const args = [value.type === 'string' ? value : whole, long(0), long(length)];
  return { kind: 'call', name: 'substring', args, type: 'string', span: NOWHERE };
}

function long(value: number): Scalar {
  return {
    kind: 'literal',
    literal: { type: 'long', value: `${value}` },
    type: 'long',
    span: NOWHERE,
  };
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

/** `input | top count by time desc` */
export function newest(input: Relation, count: number, time = 'Timestamp'): Relation {
  const keys = [{ value: column(input, time), descending: true, nullsFirst: false }];
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

/** `name in (values)`: texts, or datetimes in ticks. */
export function isIn(input: Relation, name: string, values: readonly (string | bigint)[]): Scalar {
  const list = values.map((value) => (typeof value === 'bigint' ? datetime(value) : text(value)));
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

/** `time between (from .. to)` */
export function isWithin(input: Relation, { from, to }: TimeWindow, time = 'Timestamp'): Scalar {
  return {
    kind: 'between',
    negated: false,
    value: column(input, time),
    low: datetime(from),
    high: datetime(to),
    type: 'bool',
    span: NOWHERE,
  };
}

function text(value: string): Scalar {
  return { kind: 'literal', literal: { type: 'string', value }, type: 'string', span: NOWHERE };
}

function datetime(ticks: bigint): Scalar {
  const literal = { type: 'datetime', value: ticks.toString() } as const;
  return { kind: 'literal', literal, type: 'datetime', span: NOWHERE };
}

function columnsFor(values: readonly { name: string; value: Scalar }[]): ResultColumn[] {
  return values.map(({ name, value: { type } }) => ({ name, type }));
}
