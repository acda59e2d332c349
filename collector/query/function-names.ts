import type {
  ArithmeticOperator,
  Scalar,
  ScalarType,
  StringMatchOperator,
} from '../../parsers/kql/plan.ts';

/** Names under which kql-functions.ts registers the evaluator's operators, and by which compiled SQL calls them. */

/** `kql_has(text, needle)`, `kql_has_cs(text, needle)`, ... */
export function matchFunction(operator: StringMatchOperator, caseSensitive: boolean): string {
  return `kql_${operator}${caseSensitive ? '_cs' : ''}`;
}

const VERBS: Readonly<Record<ArithmeticOperator, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
};

/** `kql_add_datetime(a, b)`: the type is that of the result. */
export function arithmeticFunction(operator: ArithmeticOperator, type: ScalarType): string {
  return `kql_${VERBS[operator]}_${type}`;
}

export function negateFunction(type: ScalarType): string {
  return `kql_negate_${type}`;
}

/** First argument of `kql_call(signature, ...)`: which function, the types of its arguments and of its result. */
export function callSignature({ name, args, type }: Extract<Scalar, { kind: 'call' }>): string {
  return [name, type, ...args.map((arg) => arg.type)].join(' ');
}
