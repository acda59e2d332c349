import { calculate, negate } from './arithmetic.ts';
import { parseDynamic } from './dynamic-json.ts';
import { boundFunction } from './functions/function-table.ts';
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
      const value = literalCell(scalar.literal);
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
    case 'arithmetic': {
      const { operator, type } = scalar;
      const left = compileEvaluator(scalar.left, now);
      const right = compileEvaluator(scalar.right, now);
      return (row) => calculate(operator, type, left(row), right(row));
    }
    case 'negate': {
      const operand = compileEvaluator(scalar.operand, now);
      return (row) => negate(operand(row));
    }
    case 'call':
      return compileCall(scalar, now);
  }
}

type ScalarOf<Kind extends Scalar['kind']> = Extract<Scalar, { kind: Kind }>;

/** A constant as a value. */
export function literalCell(literal: LiteralValue): CellValue {
  switch (literal.type) {
    case 'long':
    case 'datetime':
    case 'timespan':
      return literal.value === null ? null : BigInt(literal.value);
    case 'dynamic':
      return literal.value === null ? null : (parseDynamic(literal.value) as CellValue);
    default:
      return literal.value;
  }
}

function compileStringMatch(scalar: ScalarOf<'string-match'>, now: bigint): Evaluator {
  const { operator, caseSensitive, negated } = scalar;
  const value = compileEvaluator(scalar.value, now);
  const matches = scalar.needles.map((needle): ((text: string, row: RowReader) => boolean) => {
    if (needle.kind === 'literal')
      return stringMatcher(operator, asString(literalCell(needle.literal)), caseSensitive);
    const evaluate = compileEvaluator(needle, now);
    return (text, row) => stringMatcher(operator, asString(evaluate(row)), caseSensitive)(text);
  });
  return (row) => {
    const text = asString(value(row));
    const found = scalar.all
      ? matches.every((match) => match(text, row))
      : matches.some((match) => match(text, row));
    return found !== negated;
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

function compileCall(scalar: ScalarOf<'call'>, now: bigint): Evaluator {
  const { name, type } = scalar;
  const args = scalar.args.map((arg) => compileEvaluator(arg, now));
  const [only] = args;
  if (name === 'now') return (row) => calculate('+', 'datetime', now, only ? only(row) : 0n);
  if (name === 'ago') return (row) => calculate('-', 'datetime', now, only ? only(row) : null);
  const types = scalar.args.map((arg) => arg.type);
  const run = boundFunction({ name, types, resultType: type });
  return (row) => run(args.map((arg) => arg(row)));
}

function asString(value: CellValue): string {
  return typeof value === 'string' ? value : '';
}
