import type { ScalarType, StringMatchOperator } from '../../parsers/kql/plan.ts';

/** Names under which kql-functions.ts registers the evaluator's operators, and by which compiled SQL calls them. */

/** `kql_has(text, needle)`, `kql_has_cs(text, needle)`, ... */
export function matchFunction(operator: StringMatchOperator, caseSensitive: boolean): string {
  return `kql_${operator}${caseSensitive ? '_cs' : ''}`;
}

/** `kql_add_datetime(a, b)`: the type is that of the result. */
export function arithmeticFunction(operator: '+' | '-', type: ScalarType): string {
  return `kql_${operator === '+' ? 'add' : 'subtract'}_${type}`;
}

export function negateFunction(type: ScalarType): string {
  return `kql_negate_${type}`;
}
