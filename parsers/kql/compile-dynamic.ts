import { compileScalar, literalScalar } from './compile-scalar.ts';
import type { CompileScope } from './compile-scope.ts';
import { callOf } from './convert-scalar.ts';
import { dynamicText, parseDynamic } from './dynamic-json.ts';
import { literalCell } from './evaluate-scalar.ts';
import { toDynamic } from './functions/convert-functions.ts';
import type { NodeClasses, SyntaxNode } from './kusto-syntax.ts';
import { negateLiteral, parseLiteral } from './literals.ts';
import type { LiteralValue, Scalar } from './plan.ts';

/** `dynamic(...)`: JSON, in which other constants of KQL may stand too. */
export function compileDynamicLiteral(
  node: NodeClasses['DynamicExpression'],
  scope: CompileScope,
): Scalar {
  const json = jsonOf(node.Expression, scope);
  const value = json === null ? null : dynamicText(json);
  return literalScalar({ type: 'dynamic', value }, node, scope);
}

/** `d.name` and `d.['name']`. */
export function compilePath(node: NodeClasses['PathExpression'], scope: CompileScope): Scalar {
  const bag = compileScalar(node.Expression, scope);
  if (bag.type !== 'dynamic' || !scope.kusto.is(node.Selector, 'NameReference'))
    throw noElements(node, scope);
  const value = node.Selector.SimpleName;
  const key = literalScalar({ type: 'string', value }, node.Selector, scope);
  return callOf('property', [bag, key], 'dynamic');
}

/** `d['name']`, `d[0]`, `d[column]`. */
export function compileElement(
  node: NodeClasses['ElementExpression'],
  scope: CompileScope,
): Scalar {
  const value = compileScalar(node.Expression, scope);
  if (value.type !== 'dynamic' || !scope.kusto.is(node.Selector, 'BracketedExpression'))
    throw noElements(node, scope);
  const selector = compileScalar(node.Selector.Expression, scope);
  if (selector.type === 'string') return callOf('property', [value, selector], 'dynamic');
  if (selector.type === 'long') return callOf('element', [value, selector], 'dynamic');
  throw noElements(node, scope);
}

function noElements(node: SyntaxNode, scope: CompileScope) {
  const message = `only a name or a number can select from a dynamic value: ${scope.textOf(node)}`;
  return scope.error('unsupported-expression', node, message);
}

/** Depth is bounded by within(), which also counts the nodes. */
function jsonOf(node: SyntaxNode, scope: CompileScope): unknown {
  return scope.within(node, () => {
    if (scope.kusto.is(node, 'JsonArrayExpression'))
      return scope.elementsOf(node.Values).map((element) => jsonOf(element, scope));
    if (scope.kusto.is(node, 'JsonObjectExpression'))
      return Object.fromEntries(
        scope.elementsOf(node.Pairs).map((pair) => {
          if (scope.kusto.is(pair, 'JsonPair'))
            return [pair.Name.ValueText, jsonOf(pair.Value, scope)];
          throw notConstant(pair, scope);
        }),
      );
    const literal = literalOf(node, scope);
    if (!literal) throw notConstant(node, scope);
    return literal.type === 'dynamic' && literal.value !== null
      ? parseDynamic(literal.value)
      : toDynamic(literalCell(literal), literal.type);
  });
}

function literalOf(node: SyntaxNode, scope: CompileScope): LiteralValue | undefined {
  if (scope.kusto.is(node, 'PrefixUnaryExpression')) {
    const operand = literalOf(node.Expression, scope);
    return operand && scope.kusto.kind(node) === 'UnaryMinusExpression'
      ? negateLiteral(operand)
      : operand;
  }
  if (!scope.kusto.is(node, 'LiteralExpression')) return undefined;
  const text = node.Token.ValueText;
  return text === 'null' && scope.kusto.kind(node) === 'NullLiteralExpression'
    ? { type: 'dynamic', value: null }
    : parseLiteral(scope.typeOf(node), text);
}

function notConstant(node: SyntaxNode, scope: CompileScope) {
  const message = `only constants can stand in dynamic(): ${scope.textOf(node)}`;
  return scope.error('unsupported-expression', node, message);
}
