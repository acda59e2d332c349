import { compileScalar } from './compile-scalar.ts';
import type { CompileScope } from './compile-scope.ts';
import { asString } from './convert-scalar.ts';
import type { NodeClasses, SyntaxNode } from './kusto-syntax.ts';
import type { CompareOperator, Scalar } from './plan.ts';

const OPERATORS: Readonly<Record<string, CompareOperator>> = {
  EqualExpression: '==',
  NotEqualExpression: '!=',
  LessThanExpression: '<',
  LessThanOrEqualExpression: '<=',
  GreaterThanExpression: '>',
  GreaterThanOrEqualExpression: '>=',
};

/** `==`, `!=`, `<` and so on; undefined where `node` is another operator. */
export function compileComparison(
  node: NodeClasses['BinaryExpression'],
  scope: CompileScope,
): Scalar | undefined {
  const operator = OPERATORS[scope.kusto.kind(node)];
  if (!operator) return undefined;
  const written = compileScalar(node.Right, scope);
  const other = asBoolBeside(written, compileScalar(node.Left, scope));
  const left = asTextBeside(written, other);
  const right = asTextBeside(other, written);
  return {
    kind: 'compare',
    operator,
    left,
    right: comparableTo(left, right, node.Right, scope),
    type: 'bool',
    span: scope.spanOf(node),
  };
}

/**
 * `between` and `!between`: both ends belong to the range. Of datetimes the second may be a timespan, counted from the
 * first. Source: Kusto documentation, "The between operator".
 */
export function compileBetween(
  node: NodeClasses['BetweenExpression'],
  scope: CompileScope,
): Scalar {
  const value = compileScalar(node.Left, scope);
  const low = compileScalar(node.Right.First, scope);
  const end = compileScalar(node.Right.Second, scope);
  const high: Scalar =
    low.type === 'datetime' && end.type === 'timespan'
      ? {
          kind: 'arithmetic',
          operator: '+',
          left: low,
          right: end,
          type: 'datetime',
          span: end.span,
        }
      : end;
  return {
    kind: 'between',
    negated: scope.kusto.kind(node) === 'NotBetweenExpression',
    value,
    low: comparableTo(value, low, node.Right.First, scope),
    high: comparableTo(value, high, node.Right.Second, scope),
    type: 'bool',
    span: scope.spanOf(node),
  };
}

/**
 * `scalar`, if it can be compared with `value`: of one type, or both numbers. Anything else is refused, also where Kusto
 * would convert (`Signer == 5`).
 */
export function comparableTo(
  value: Scalar,
  scalar: Scalar,
  node: SyntaxNode,
  scope: CompileScope,
): Scalar {
  const item = asBoolBeside(value, scalar);
  const areNumbers = isNumber(value) && isNumber(item);
  if (item.type !== 'dynamic' && (item.type === value.type || areNumbers)) return item;
  const hint =
    item.type === 'dynamic' || value.type === 'dynamic'
      ? ', convert it with tolong(), tostring() or the like'
      : '';
  const message = `a ${item.type} cannot be compared with a ${value.type} here${hint}: ${scope.textOf(node)}`;
  throw scope.error('unsupported-expression', node, message);
}

/** `d.name == 'x'`: beside a string a dynamic value is its text. */
function asTextBeside(other: Scalar, scalar: Scalar): Scalar {
  return other.type === 'string' && scalar.type === 'dynamic'
    ? (asString(scalar) ?? scalar)
    : scalar;
}

/** `IsSigned == 0` is usual in hunting queries: 0 and 1 beside a bool are false and true. */
function asBoolBeside(other: Scalar, scalar: Scalar): Scalar {
  if (other.type !== 'bool' || scalar.kind !== 'literal' || scalar.type !== 'long') return scalar;
  const { value } = scalar.literal;
  if (value !== '0' && value !== '1') return scalar;
  return { ...scalar, literal: { type: 'bool', value: value === '1' }, type: 'bool' };
}

function isNumber({ type }: Scalar): boolean {
  return type === 'long' || type === 'real';
}
