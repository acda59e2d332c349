import { compileEvaluator } from '../../parsers/kql/evaluate-scalar.ts';
import type { CompareOperator, Plan, Scalar } from '../../parsers/kql/plan.ts';
import type { Relation } from '../../parsers/kql/relation.ts';
import { MAX_TICKS, MIN_TICKS } from '../../parsers/record/datetime.ts';
import { columnsOf, conjuncts } from '../query/scalar-columns.ts';

/** A range of time, both ends included, in 100 ns ticks. MIN_TICKS and MAX_TICKS stand for an end that a query leaves open. */
export interface TimeWindow {
  readonly from: bigint;
  readonly to: bigint;
}

export const ALL_TIME: TimeWindow = { from: MIN_TICKS, to: MAX_TICKS };

/** Log Analytics calls the time TimeGenerated. */
const TIME_COLUMNS: ReadonlySet<string> = new Set(['Timestamp', 'TimeGenerated']);

/**
 * The different time ranges that the `where` steps of a plan ask for, one for each table that has any: none, one in nearly
 * every hunting rule, several where a rule compares a time with an earlier one.
 *
 * Steps of one branch narrow one range; the branches of a join have their own.
 */
export function timeRanges({ root }: Plan, now: bigint): readonly TimeWindow[] {
  const branches: TimeWindow[] = [];
  collect(root, undefined, now, branches);
  const different = new Map(branches.map((window) => [`${window.from} ${window.to}`, window]));
  return [...different.values()];
}

/** `plan` with `window` in the place of every range that it asks for. What else it says of the time stays. */
export function replaceTimeRanges(plan: Plan, now: bigint, window: TimeWindow): Plan {
  return { ...plan, root: replaced(plan.root, now, window) as Relation };
}

/** The part of a plan under one `where`, seen as what every part is: plain JSON. So steps of any kind are passed through. */
function collect(
  part: unknown,
  branch: { window: TimeWindow; has: boolean } | undefined,
  now: bigint,
  found: TimeWindow[],
): void {
  if (Array.isArray(part)) {
    for (const each of part) collect(each, undefined, now, found);
    return;
  }
  if (!isNode(part)) return;
  const here = branch ?? { window: ALL_TIME, has: false };
  if (part.kind === 'where') {
    for (const condition of conjuncts(part.predicate as Scalar)) {
      const range = rangeOf(condition, now);
      if (!range) continue;
      here.window = intersection(here.window, range);
      here.has = true;
    }
  }
  const { input, ...others } = part;
  if (input === undefined) {
    if (here.has) found.push(here.window);
  } else collect(input, here, now, found);
  for (const other of Object.values(others)) collect(other, undefined, now, found);
}

function replaced(part: unknown, now: bigint, window: TimeWindow): unknown {
  if (Array.isArray(part)) return part.map((each) => replaced(each, now, window));
  if (!isNode(part)) return part;
  const copy = Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, replaced(value, now, window)]),
  );
  if (part.kind !== 'where') return copy;
  const terms = conjuncts(part.predicate as Scalar).map((term) =>
    rangeOf(term, now) ? inWindow(term, window) : (replaced(term, now, window) as Scalar),
  );
  const predicate = terms.reduce((left, right) => ({
    kind: 'and',
    left,
    right,
    type: 'bool',
    span: right.span,
  }));
  return { ...copy, predicate };
}

function isNode(
  part: unknown,
): part is { readonly kind?: unknown; readonly [key: string]: unknown } {
  return typeof part === 'object' && part !== null;
}

/** A range condition with other ends, under the name of the time that it has. */
function inWindow(condition: Scalar, { from, to }: TimeWindow): Scalar {
  const { span } = condition;
  const [name = 'Timestamp'] = columnsOf(condition);
  const ticks = (value: bigint): Scalar => ({
    kind: 'literal',
    literal: { type: 'datetime', value: value.toString() },
    type: 'datetime',
    span,
  });
  return {
    kind: 'between',
    negated: false,
    value: { kind: 'column', name, type: 'datetime', span },
    low: ticks(from),
    high: ticks(to),
    type: 'bool',
    span,
  };
}

/** The range that `Timestamp between (a .. b)` or a comparison of Timestamp with a constant asks for. */
function rangeOf(condition: Scalar, now: bigint): TimeWindow | undefined {
  if (condition.kind === 'between') {
    if (condition.negated || !isTime(condition.value)) return undefined;
    const [from, to] = [constant(condition.low, now), constant(condition.high, now)];
    return from === undefined || to === undefined ? undefined : { from, to };
  }
  if (condition.kind !== 'compare') return undefined;
  const { operator, left, right } = condition;
  if (isTime(left)) return halfOpen(operator, constant(right, now));
  return isTime(right) ? halfOpen(MIRRORED[operator], constant(left, now)) : undefined;
}

const MIRRORED: Readonly<Record<CompareOperator, CompareOperator>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
};

/** Ticks are whole, so that `> t` is `>= t + 1`. */
function halfOpen(operator: CompareOperator, value: bigint | undefined): TimeWindow | undefined {
  if (value === undefined) return undefined;
  if (operator === '>') return { ...ALL_TIME, from: value + 1n };
  if (operator === '>=') return { ...ALL_TIME, from: value };
  if (operator === '<') return { ...ALL_TIME, to: value - 1n };
  return operator === '<=' ? { ...ALL_TIME, to: value } : undefined;
}

function isTime(scalar: Scalar): boolean {
  return scalar.kind === 'column' && TIME_COLUMNS.has(scalar.name);
}

/** The ticks of a datetime that depends on no row; undefined where it does, and where it is null. */
function constant(scalar: Scalar, now: bigint): bigint | undefined {
  if (columnsOf(scalar).size > 0) return undefined;
  const value = compileEvaluator(scalar, now)(() => null);
  return typeof value === 'bigint' ? value : undefined;
}

function intersection(one: TimeWindow, other: TimeWindow): TimeWindow {
  return {
    from: one.from > other.from ? one.from : other.from,
    to: one.to < other.to ? one.to : other.to,
  };
}
