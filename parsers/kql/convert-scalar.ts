import type { PureFunction } from './functions/function-table.ts';
import type { Scalar, ScalarType } from './plan.ts';

/** A call that the compiler adds itself, with the span of what it is made of. */
export function callOf(
  name: PureFunction,
  args: readonly [Scalar, ...Scalar[]],
  type: ScalarType,
): Scalar {
  return { kind: 'call', name, args, type, span: args[0].span };
}

/**
 * `scalar` as a string where Kusto makes it one by itself: a dynamic value by its tostring(). Undefined for other types.
 * Source: Kusto documentation, "String operators": the operators take dynamic operands as their text.
 */
export function asString(scalar: Scalar): Scalar | undefined {
  if (scalar.type === 'string') return scalar;
  return scalar.type === 'dynamic' ? callOf('tostring', [scalar], 'string') : undefined;
}

/** `scalar` with the type that a branch or argument has to have; undefined where Kusto would not convert by itself. */
export function asType(scalar: Scalar, type: ScalarType): Scalar | undefined {
  if (scalar.type === type) return scalar;
  if (type === 'real' && scalar.type === 'long') return callOf('todouble', [scalar], 'real');
  return undefined;
}
