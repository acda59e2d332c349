import type { CompileScope } from './compile-scope.ts';
import type { NodeClasses, SyntaxNode } from './kusto-syntax.ts';
import type { RenderHint } from './plan.ts';

/**
 * A query without its last step where that is `render`, and what `render` asks for. Anywhere else it is refused, as
 * nothing can follow it. Source: Kusto documentation, "The render operator".
 */
export function splitRender(
  query: SyntaxNode,
  scope: CompileScope,
): { readonly relation: SyntaxNode; readonly render?: RenderHint } {
  const { kusto } = scope;
  if (!kusto.is(query, 'PipeExpression')) return { relation: query };
  const { Expression, Operator } = query;
  if (!kusto.is(Operator, 'RenderOperator')) return { relation: query };
  return { relation: Expression, render: readRender(Operator, scope) };
}

function readRender(node: NodeClasses['RenderOperator'], scope: CompileScope): RenderHint {
  // `render barchart kind=stacked` is the older form of `with (kind=stacked)`.
  const properties: [string, string][] = [
    ...scope.childrenOf(node.Parameters),
    ...(node.WithClause ? scope.elementsOf(node.WithClause.Properties) : []),
  ].map((property) => {
    if (scope.kusto.is(property, 'NamedParameter'))
      return [property.Name.SimpleName, propertyText(property.Expression, scope)];
    const message = `a property name=value is expected here: ${scope.textOf(property)}`;
    throw scope.error('unsupported-expression', property, message);
  });
  return {
    visualization: node.ChartType.ValueText,
    properties: Object.fromEntries(properties),
  };
}

/** A string without its quotes, anything else (names of columns, numbers) as it is written. */
function propertyText(node: SyntaxNode, scope: CompileScope): string {
  if (scope.kusto.is(node, 'LiteralExpression')) return node.Token.ValueText;
  return scope.query.slice(node.TextStart, node.TextStart + node.Width);
}
