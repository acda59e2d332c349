import type { CellValue, CompareOperator } from './plan.ts';

/**
 * What comparisons and logic make of null, for every evaluator. As documented:
 *
 * | expression | result | source (Kusto documentation) |
 * | --- | --- | --- |
 * | `null == 1`, `null != 1` | false, true | "Null values", Equality and inequality of null values |
 * | `null == null`, `null != null` | null, null | the same |
 * | `null < 1` and the like | null | "Null values", its example (IsBiggerThan3) |
 * | `null and true`, `null or false` | false, false | "Logical operators": null is equivalent to false |
 * | `not(null)` | null | "Null values": scalar functions of null give null |
 *
 * `where` drops a row whose predicate is null ("Null values and the where operator"). Of `between` with a null nothing is
 * documented: it is two comparisons, so null here.
 */
export function compare(operator: CompareOperator, left: CellValue, right: CellValue) {
  switch (operator) {
    case '==':
      return equal(left, right);
    case '!=': {
      const same = equal(left, right);
      return same === null ? null : !same;
    }
  }
  if (left === null || right === null) return null;
  const order = orderOf(left, right);
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** `==`: null of two nulls, false of one. */
export function equal(left: CellValue, right: CellValue): boolean | null {
  if (left === null || right === null) return left === right ? null : false;
  return orderOf(left, right) === 0;
}

export function between(
  value: CellValue,
  low: CellValue,
  high: CellValue,
  negated: boolean,
): boolean | null {
  if (value === null || low === null || high === null) return null;
  const isInside = orderOf(value, low) >= 0 && orderOf(value, high) <= 0;
  return isInside !== negated;
}

/** `and`, `or` of two functions of a row; the second is asked only where the first leaves the answer open. */
export function andOr<Row>(
  kind: 'and' | 'or',
  left: (row: Row) => CellValue,
  right: (row: Row) => CellValue,
): (row: Row) => boolean {
  return kind === 'and'
    ? (row) => left(row) === true && right(row) === true
    : (row) => left(row) === true || right(row) === true;
}

/**
 * Below, equal or above zero. Numbers compare by value across long and real; strings by code point, as UTF-8 bytes do
 * (`<` on strings would go by UTF-16 units); false is below true. Values of other kinds never get here.
 */
export function orderOf(left: CellValue, right: CellValue): number {
  if (typeof left === 'string' && typeof right === 'string') return orderOfStrings(left, right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  if (isNumber(left) && isNumber(right)) return left < right ? -1 : left > right ? 1 : 0;
  throw new TypeError(`no order between ${typeof left} and ${typeof right}`);
}

function isNumber(value: CellValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function orderOfStrings(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    if (left.charCodeAt(index) === right.charCodeAt(index)) continue;
    const a = left.codePointAt(index) ?? 0;
    const b = right.codePointAt(index) ?? 0;
    return a - b;
  }
  return left.length - right.length;
}
