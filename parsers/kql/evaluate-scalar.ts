import { MAX_TICKS, MIN_TICKS } from '../record/datetime.ts';
import { andOr, between, compare, equal } from './null-semantics.ts';
import type { CellValue, LiteralValue, Scalar } from './plan.ts';
import { stringMatcher } from './string-match.ts';

/** Gives a column's value of the row that is looked at. A null string reads as '': Kusto has no null string. */
export type RowReader = (column: string) => CellValue;

type Evaluator = (row: RowReader) => CellValue;

/** The value of `scalar` for one row. To look at many rows with one scalar, compile it once: compileEvaluator. */
export function evaluateScalar(scalar: Scalar, row: RowReader, now: bigint): CellValue {
  return compileEvaluator(scalar, now)(row);
}

/** A predicate over rows as a function, with its constants prepared. Null counts as false, as in `where`. */
export function compilePredicate(scalar: Scalar, now: bigint): (row: RowReader) => boolean {
  const evaluate = compileEvaluator(scalar, now);
  return (row) => evaluate(row) === true;
}

/** A scalar as a function of a row. `now` is in ticks, one value for the whole query. */
export function compileEvaluator(scalar: Scalar, now: bigint): Evaluator {
  switch (scalar.kind) {
    case 'literal': {
      const value = literalValue(scalar.literal);
      return () => value;
    }
    case 'column': {
      const { name } = scalar;
      const whenNull = scalar.type === 'string' ? '' : null;
      return (row) => row(name) ?? whenNull;
    }
    case 'and':
    case 'or': {
      const left = compileEvaluator(scalar.left, now);
      const right = compileEvaluator(scalar.right, now);
      return andOr(scalar.kind, left, right);
    }
    case 'not': {
      const operand = compileEvaluator(scalar.operand, now);
      return (row) => {
        const value = operand(row);
        return value === null ? null : value !== true;
      };
    }
    case 'compare': {
      const { operator } = scalar;
      const left = compileEvaluator(scalar.left, now);
      const right = compileEvaluator(scalar.right, now);
      return (row) => compare(operator, left(row), right(row));
    }
    case 'between': {
      const value = compileEvaluator(scalar.value, now);
      const low = compileEvaluator(scalar.low, now);
      const high = compileEvaluator(scalar.high, now);
      return (row) => between(value(row), low(row), high(row), scalar.negated);
    }
    case 'string-match':
      return compileStringMatch(scalar, now);
    case 'in':
      return compileIn(scalar, now);
    case 'arithmetic':
      return compileArithmetic(scalar, now);
    case 'negate': {
      const operand = compileEvaluator(scalar.operand, now);
      return (row) => {
        const value = operand(row);
        if (typeof value === 'bigint') return BigInt.asIntN(64, -value);
        return typeof value === 'number' ? -value : null;
      };
    }
    case 'call':
      return compileCall(scalar, now);
  }
}

type ScalarOf<Kind extends Scalar['kind']> = Extract<Scalar, { kind: Kind }>;

function literalValue(literal: LiteralValue): CellValue {
  switch (literal.type) {
    case 'long':
    case 'datetime':
    case 'timespan':
      return literal.value === null ? null : BigInt(literal.value);
    default:
      return literal.value;
  }
}

function compileStringMatch(scalar: ScalarOf<'string-match'>, now: bigint): Evaluator {
  const { operator, caseSensitive, negated } = scalar;
  const value = compileEvaluator(scalar.value, now);
  const matches = scalar.needles.map((needle): ((text: string, row: RowReader) => boolean) => {
    if (needle.kind === 'literal')
      return stringMatcher(operator, asString(literalValue(needle.literal)), caseSensitive);
    const evaluate = compileEvaluator(needle, now);
    return (text, row) => stringMatcher(operator, asString(evaluate(row)), caseSensitive)(text);
  });
  return (row) => {
    const text = asString(value(row));
    return matches.some((match) => match(text, row)) !== negated;
  };
}

/**
 * A null is in no list: `in` is false and `!in` true.
 * Source: Kusto documentation, "The !in operator", and "Null values" for each comparison with an item.
 */
function compileIn(scalar: ScalarOf<'in'>, now: bigint): Evaluator {
  const { caseSensitive, negated } = scalar;
  const value = compileEvaluator(scalar.value, now);
  const items = scalar.list.map((item) => compileEvaluator(item, now));
  const isIn = (wanted: CellValue, item: CellValue): boolean =>
    typeof wanted === 'string' && !caseSensitive
      ? stringMatcher('equals', wanted, false)(asString(item))
      : equal(wanted, item) === true;
  return (row) => {
    const wanted = value(row);
    return items.some((item) => isIn(wanted, item(row))) !== negated;
  };
}

/** Integers and timespans wrap at 64 bits; a datetime outside the years 1 to 9999 is null. */
function compileArithmetic(scalar: ScalarOf<'arithmetic'>, now: bigint): Evaluator {
  const { operator, type } = scalar;
  const left = compileEvaluator(scalar.left, now);
  const right = compileEvaluator(scalar.right, now);
  return (row) => {
    const [a, b] = [left(row), right(row)];
    if (type === 'real') {
      if (a === null || b === null) return null;
      return operator === '+' ? Number(a) + Number(b) : Number(a) - Number(b);
    }
    if (typeof a !== 'bigint' || typeof b !== 'bigint') return null;
    const sum = operator === '+' ? a + b : a - b;
    return type === 'datetime' ? datetimeOrNull(sum) : BigInt.asIntN(64, sum);
  };
}

function compileCall(scalar: ScalarOf<'call'>, now: bigint): Evaluator {
  const [only] = scalar.args.map((arg) => compileEvaluator(arg, now));
  switch (scalar.name) {
    case 'now':
      return (row) => shifted(now, only ? only(row) : 0n);
    case 'ago':
      return (row) => {
        const back = only ? only(row) : null;
        return typeof back === 'bigint' ? shifted(now, -back) : null;
      };
    case 'tolower':
      return (row) => asString(only ? only(row) : null).toLowerCase();
  }
}

function shifted(now: bigint, by: CellValue): bigint | null {
  return typeof by === 'bigint' ? datetimeOrNull(now + by) : null;
}

function datetimeOrNull(ticks: bigint): bigint | null {
  return ticks < MIN_TICKS || ticks > MAX_TICKS ? null : ticks;
}

function asString(value: CellValue): string {
  return typeof value === 'string' ? value : '';
}
