import type { Plan, Scalar } from '../../parsers/kql/plan.ts';
import type { Relation } from '../../parsers/kql/relation.ts';

/** Both ends belong to it. 100 ns ticks. */
export interface TimeRange {
  readonly from: bigint;
  readonly to: bigint;
}

/** The column by which a request's time range selects, in every table that has one. */
const TIME_COLUMN = 'Timestamp';

/**
 * The plan as if its tables held only rows of `range`: `where Timestamp between` directly after each table, also in joins
 * and lets. A table without Timestamp stays whole, as a table without TimeGenerated does in Log Analytics.
 */
export function restrictTime(plan: Plan, range: TimeRange): Plan {
  return { ...plan, root: restrict(plan.root, range) as Relation };
}

/** Walks the plan as the plain JSON that it is, so that a new kind of step needs nothing here. The compiler bounds its depth. */
function restrict(node: unknown, range: TimeRange): unknown {
  if (Array.isArray(node)) return node.map((item) => restrict(item, range));
  if (typeof node !== 'object' || node === null) return node;
  const kind = 'kind' in node ? node.kind : undefined;
  if (kind === 'literal') return node; // a dynamic value may look like anything
  if (kind === 'table') return restrictTable(node as Table, range);
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, restrict(value, range)]),
  );
}

type Table = Extract<Relation, { kind: 'table' }>;

function restrictTable(table: Table, { from, to }: TimeRange): Relation {
  const { span, columns } = table;
  if (!columns.some(({ name }) => name === TIME_COLUMN)) return table;
  const instant = (ticks: bigint): Scalar => ({
    kind: 'literal',
    literal: { type: 'datetime', value: ticks.toString() },
    type: 'datetime',
    span,
  });
  const predicate: Scalar = {
    kind: 'between',
    negated: false,
    value: { kind: 'column', name: TIME_COLUMN, type: 'datetime', span },
    low: instant(from),
    high: instant(to),
    type: 'bool',
    span,
  };
  return { kind: 'where', input: table, predicate, columns, span };
}
