import { compileScalar, unsupported } from './compile-scalar.ts';
import type { CompileScope } from './compile-scope.ts';
import type { NodeClasses } from './kusto-syntax.ts';
import type { ArithmeticOperator, Scalar } from './plan.ts';

const OPERATORS: Readonly<Record<string, ArithmeticOperator>> = {
  AddExpression: '+',
  SubtractExpression: '-',
  MultiplyExpression: '*',
  DivideExpression: '/',
  ModuloExpression: '%',
};

/**
 * What each operator does with two types that are not both numbers. Microsoft's analysis lets some more through, of which
 * no documentation says what they give.
 */
const PAIRS: Readonly<Record<ArithmeticOperator, readonly string[]>> = {
  '+': ['datetime timespan', 'timespan datetime', 'timespan timespan'],
  '-': ['datetime timespan', 'datetime datetime', 'timespan timespan'],
  '*': ['timespan long', 'timespan real', 'long timespan', 'real timespan'],
  '/': ['timespan timespan', 'timespan long', 'timespan real'],
  '%': ['timespan timespan'],
};

const NUMBERS: ReadonlySet<string> = new Set(['long long', 'long real', 'real long', 'real real']);

/** `+ - * / %`; undefined where `node` is another operator. */
export function compileArithmetic(
  node: NodeClasses['BinaryExpression'],
  scope: CompileScope,
): Scalar | undefined {
  const operator = OPERATORS[scope.kusto.kind(node)];
  if (!operator) return undefined;
  const left = compileScalar(node.Left, scope);
  const right = compileScalar(node.Right, scope);
  const pair = `${left.type} ${right.type}`;
  if (NUMBERS.has(pair) || PAIRS[operator].includes(pair))
    return {
      kind: 'arithmetic',
      operator,
      left,
      right,
      type: scope.typeOf(node),
      span: scope.spanOf(node),
    };
  if (left.type !== 'dynamic' && right.type !== 'dynamic') throw unsupported(node, scope);
  const message = `convert the dynamic value with tolong(), todouble() or the like: ${scope.textOf(node)}`;
  throw scope.error('unsupported-expression', node, message);
}
