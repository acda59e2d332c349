import { MAX_TICKS, MIN_TICKS } from '../record/datetime.ts';
import { finite } from './functions/number-functions.ts';
import type { ArithmeticOperator, CellValue, ScalarType } from './plan.ts';

/**
 * `left operator right`, of which the result has `type`: for the evaluator, and for SQL, whose own arithmetic turns into
 * reals where a long overflows.
 *
 * Longs and timespans wrap at 64 bits; a datetime outside the years 1 to 9999 is null. Division by zero is null for
 * longs and timespans, infinite for reals, and 0.0/0 is null since SQLite has no NaN. Division of longs drops the fraction;
 * `%` is never negative. Source: Kusto documentation, "Numerical operators".
 */
export function calculate(
  operator: ArithmeticOperator,
  type: ScalarType,
  left: CellValue,
  right: CellValue,
): CellValue {
  if (left === null || right === null) return null;
  if (typeof left === 'bigint' && typeof right === 'bigint' && type !== 'real') {
    const result = ofWholes(operator, left, right);
    if (result === null) return null;
    if (type !== 'datetime') return BigInt.asIntN(64, result);
    return result < MIN_TICKS || result > MAX_TICKS ? null : result;
  }
  const result = ofReals(operator, Number(left), Number(right));
  if (type === 'real') return finite(result);
  // A timespan times or by a real: the rest of a tick is dropped.
  return Math.abs(result) < 2 ** 63 ? BigInt(Math.trunc(result)) : null;
}

/** `-operand`: the smallest long is its own negative, as 64 bits wrap. */
export function negate(operand: CellValue): CellValue {
  if (typeof operand === 'bigint') return BigInt.asIntN(64, -operand);
  return typeof operand === 'number' ? -operand : null;
}

function ofWholes(operator: ArithmeticOperator, left: bigint, right: bigint): bigint | null {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0n ? null : left / right;
    case '%': {
      if (right === 0n) return null;
      const rest = left % right;
      return rest < 0n ? rest + (right < 0n ? -right : right) : rest;
    }
  }
}

function ofReals(operator: ArithmeticOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%': {
      const rest = left % right;
      return rest < 0 ? rest + Math.abs(right) : rest;
    }
  }
}
