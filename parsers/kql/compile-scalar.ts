import { compileArithmetic } from './compile-arithmetic.ts';
import { compileCall } from './compile-call.ts';
import { compileBetween, compileComparison } from './compile-comparison.ts';
import { compileDynamicLiteral, compileElement, compilePath } from './compile-dynamic.ts';
import type { CompileScope } from './compile-scope.ts';
import { compileIn, compileStringMatch, compileTermList } from './compile-string-match.ts';
import type { NodeClasses, SyntaxNode } from './kusto-syntax.ts';
import { negateLiteral, parseLiteral } from './literals.ts';
import type { LiteralValue, Scalar } from './plan.ts';

/** Scalars of a plan by their kind. */
export type ScalarOf<Kind extends Scalar['kind']> = Extract<Scalar, { kind: Kind }>;

/** One scalar expression. A let variable is compiled where it is used, with its span at the let. */
export function compileScalar(node: SyntaxNode, scope: CompileScope): Scalar {
  return scope.within(node, () => compileNode(node, scope));
}

/** The same, for a place that takes only a truth value: `where`, `and`, `not()`. */
export function compilePredicateNode(node: SyntaxNode, scope: CompileScope): Scalar {
  const scalar = compileScalar(node, scope);
  if (scalar.type === 'bool') return scalar;
  const message = `a bool is expected here, not a ${scalar.type}: ${scope.textOf(node)}`;
  throw scope.error('unsupported-expression', node, message);
}

export function literalScalar(
  literal: LiteralValue,
  node: SyntaxNode,
  scope: CompileScope,
): ScalarOf<'literal'> {
  return { kind: 'literal', literal, type: literal.type, span: scope.spanOf(node) };
}

function compileNode(node: SyntaxNode, scope: CompileScope): Scalar {
  const { kusto } = scope;
  if (kusto.is(node, 'ParenthesizedExpression')) return compileScalar(node.Expression, scope);
  if (kusto.is(node, 'NameReference')) return compileName(node, scope);
  if (kusto.is(node, 'LiteralExpression')) return compileLiteral(node, scope);
  if (kusto.is(node, 'CompoundStringLiteralExpression')) return compileStrings(node, scope);
  if (kusto.is(node, 'FunctionCallExpression'))
    return scope.aggregateCall?.(node) ?? compileCall(node, scope);
  if (kusto.is(node, 'PrefixUnaryExpression')) return compileSign(node, scope);
  if (kusto.is(node, 'BetweenExpression')) return compileBetween(node, scope);
  if (kusto.is(node, 'InExpression')) return compileIn(node, scope);
  if (kusto.is(node, 'HasAnyExpression')) return compileTermList(node, scope, 'any');
  if (kusto.is(node, 'HasAllExpression')) return compileTermList(node, scope, 'all');
  if (kusto.is(node, 'DynamicExpression')) return compileDynamicLiteral(node, scope);
  if (kusto.is(node, 'PathExpression')) return compilePath(node, scope);
  if (kusto.is(node, 'ElementExpression')) return compileElement(node, scope);
  if (kusto.is(node, 'BinaryExpression')) return compileBinary(node, scope);
  throw unsupported(node, scope);
}

export function unsupported(node: SyntaxNode, scope: CompileScope) {
  const message = `${scope.kusto.kind(node)} is not supported: ${scope.textOf(node)}`;
  return scope.error('unsupported-expression', node, message);
}

function compileName(node: NodeClasses['NameReference'], scope: CompileScope): Scalar {
  const symbol = node.ReferencedSymbol;
  if (scope.kusto.isSymbol(symbol, 'VariableSymbol')) {
    const expression = scope.lets.get(node.SimpleName);
    if (expression) return compileScalar(expression, scope);
  }
  if (scope.kusto.isSymbol(symbol, 'ColumnSymbol') && !scope.aggregateCall) {
    const type = scope.typeOf(node);
    return { kind: 'column', name: node.SimpleName, type, span: scope.spanOf(node) };
  }
  throw unsupported(node, scope);
}

function compileLiteral(node: NodeClasses['LiteralExpression'], scope: CompileScope): Scalar {
  const literal = parseLiteral(scope.typeOf(node), node.Token.ValueText);
  if (literal) return literalScalar(literal, node, scope);
  const message = `the value of this ${scope.typeOf(node)} is not certain: ${scope.textOf(node)}`;
  throw scope.error('unsupported-expression', node, message);
}

/** `'a' 'b'`: adjacent string literals are one string. */
function compileStrings(
  node: NodeClasses['CompoundStringLiteralExpression'],
  scope: CompileScope,
): Scalar {
  let value = '';
  for (let index = 0; index < node.Tokens.ChildCount; index += 1) {
    const token = node.Tokens.GetChild(index);
    if (token && 'ValueText' in token) value += token.ValueText;
  }
  return literalScalar({ type: 'string', value }, node, scope);
}

function compileSign(node: NodeClasses['PrefixUnaryExpression'], scope: CompileScope): Scalar {
  const operand = compileScalar(node.Expression, scope);
  if (scope.kusto.kind(node) !== 'UnaryMinusExpression') return operand; // a unary plus
  const negative = operand.kind === 'literal' ? negateLiteral(operand.literal) : undefined;
  if (negative) return literalScalar(negative, node, scope);
  if (operand.type === 'dynamic') throw unsupported(node, scope);
  return { kind: 'negate', operand, type: scope.typeOf(node), span: scope.spanOf(node) };
}

function compileBinary(node: NodeClasses['BinaryExpression'], scope: CompileScope): Scalar {
  switch (scope.kusto.kind(node)) {
    case 'AndExpression':
      return compileLogic('and', node, scope);
    case 'OrExpression':
      return compileLogic('or', node, scope);
    default: {
      const scalar =
        compileArithmetic(node, scope) ??
        compileComparison(node, scope) ??
        compileStringMatch(node, scope);
      if (scalar) return scalar;
      throw unsupported(node, scope);
    }
  }
}

function compileLogic(
  kind: 'and' | 'or',
  node: NodeClasses['BinaryExpression'],
  scope: CompileScope,
): Scalar {
  const left = compilePredicateNode(node.Left, scope);
  const right = compilePredicateNode(node.Right, scope);
  return { kind, left, right, type: 'bool', span: scope.spanOf(node) };
}
