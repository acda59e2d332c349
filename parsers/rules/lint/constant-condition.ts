import type { Scalar } from '../../kql/plan.ts';
import { type Equality, operandsOf, readEquality, valueName } from './equality.ts';
import { type TruthFunction, TruthTable } from './truth.ts';

/** A condition, or a part of one, that says the same of every row. */
export interface ConstantCondition {
  readonly scalar: Scalar;
  readonly constant: 'always' | 'never';
  /** Why, and what was meant, as far as it can be told. */
  readonly reason: string;
}

export interface ConstantConditions {
  readonly found: readonly ConstantCondition[];
  /** False where the condition has too many tests to try every case of them. */
  readonly complete: boolean;
}

/** Cases of one part of a condition, and tests in all cases of all its parts: some 100 ms. */
const MAX_CASES = 4_096;
const MAX_STEPS = 2_000_000;

/** The largest parts of `predicate` that are true of every row, or of none. */
export function constantConditions(predicate: Scalar): ConstantConditions {
  const table = new TruthTable(predicate);
  const found: ConstantCondition[] = [];
  let stepsLeft = MAX_STEPS;
  let complete = true;

  const visit = (scalar: Scalar): void => {
    const truth = table.functionOf(scalar);
    const cases = countCases(truth, table);
    const steps = cases * truth.size;
    if (cases > MAX_CASES || steps > stepsLeft) {
      complete = false;
    } else {
      stepsLeft -= steps;
      const constant = constantOf(truth, table);
      if (constant) {
        found.push({ scalar, constant, reason: reasonOf(scalar, constant) });
        return;
      }
    }
    if (scalar.kind === 'and' || scalar.kind === 'or') [scalar.left, scalar.right].forEach(visit);
    if (scalar.kind === 'not') visit(scalar.operand);
  };
  visit(predicate);
  return { found, complete };
}

function countCases({ variables }: TruthFunction, table: TruthTable): number {
  return variables.reduce((cases, key) => cases * table.statesOf(key).length, 1);
}

/** Tries every case, and stops at the first that differs. */
function constantOf(truth: TruthFunction, table: TruthTable): 'always' | 'never' | undefined {
  const variables = truth.variables.map((key) => ({ key, states: table.statesOf(key) }));
  const cases = countCases(truth, table);
  let first: boolean | undefined;
  for (let index = 0; index < cases; index += 1) {
    let rest = index;
    const row = new Map(
      variables.map(({ key, states }) => {
        const state = states[rest % states.length] ?? {};
        rest = Math.floor(rest / states.length);
        return [key, state];
      }),
    );
    const isMet = truth.of(row) === true;
    first ??= isMet;
    if (isMet !== first) return undefined;
  }
  return first ? 'always' : 'never';
}

function reasonOf(scalar: Scalar, constant: 'always' | 'never'): string {
  const kind = constant === 'always' ? 'or' : 'and';
  const tests = operandsOf(scalar, kind).map(readEquality);
  const words = clash(tests, constant === 'always');
  if (words === undefined)
    return constant === 'always' ? 'it leaves nothing out' : 'no row can meet it';
  return `${words}: ${constant === 'always' ? '"and", or !in, was meant' : '"or", or in, was meant'}`;
}

/** Of `a != 1 or a != 2` and of `a == 1 and a == 2`: what no value can do. */
function clash(tests: readonly (Equality | undefined)[], areNegated: boolean): string | undefined {
  const [first, ...others] = tests;
  if (!first || others.length === 0) return undefined;
  if (tests.some((test) => test?.key !== first.key || test.negated !== areNegated))
    return undefined;
  const names = tests.map((test) => test?.literals.map(({ value }) => `"${value}"`).join(' or '));
  const value = valueName(first.value) ?? 'value';
  return `no ${value} equals both ${names.slice(0, 2).join(' and ')}`;
}
