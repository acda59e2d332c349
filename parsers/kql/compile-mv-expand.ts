import { compileScalar } from './compile-scalar.ts';
import type { CompileScope } from './compile-scope.ts';
import type { NodeClasses, SyntaxNode } from './kusto-syntax.ts';
import { readParameters } from './operator-parameters.ts';
import { unsupportedOperator } from './refusals.ts';
import type { ExpandedColumn, Relation } from './relation.ts';

/** `mv-expand kind=array with_itemindex=I Name = expression to typeof(string), ... limit 5` */
export function compileMvExpand(
  node: NodeClasses['MvExpandOperator'],
  input: Relation,
  scope: CompileScope,
): Relation {
  // `mvexpand` is the old form, with another limit.
  if (scope.textOf(node).startsWith('mvexpand')) throw unsupportedOperator(node, 'mvexpand', scope);
  const names = ['kind', 'bagexpansion', 'with_itemindex'];
  const parameters = readParameters(node, names, scope);
  const columns = scope.columnsOf(node);
  const expanded = scope.elementsOf(node.Expressions).map((element): ExpandedColumn => {
    if (!scope.kusto.is(element, 'MvExpandExpression')) throw unnamed(element, scope);
    const { Expression } = element;
    const name = nameOf(Expression, scope);
    const column = columns.find((each) => each.name === name);
    if (!column || column.type === 'timespan') throw unnamed(element, scope);
    const isNamed = scope.kusto.is(Expression, 'SimpleNamedExpression');
    const value = compileScalar(isNamed ? Expression.Expression : Expression, scope);
    return { name: column.name, type: column.type, value };
  });
  const kind = parameters.get('kind') ?? parameters.get('bagexpansion') ?? 'bag';
  const index = parameters.get('with_itemindex');
  return {
    kind: 'mv-expand',
    input,
    expanded,
    ...(index === undefined ? {} : { index }),
    bagsAsPairs: kind === 'array',
    ...(node.RowLimitClause ? { limit: limitOf(node.RowLimitClause.RowLimit, scope) } : {}),
    columns,
    span: scope.spanOf(node),
  };
}

function nameOf(node: SyntaxNode, scope: CompileScope): string | undefined {
  if (scope.kusto.is(node, 'SimpleNamedExpression')) return node.Name.SimpleName;
  return scope.kusto.is(node, 'NameReference') ? node.SimpleName : undefined;
}

function limitOf(node: SyntaxNode, scope: CompileScope): number {
  const scalar = compileScalar(node, scope);
  if (scalar.kind === 'literal' && scalar.literal.type === 'long') {
    const limit = Number(scalar.literal.value ?? '-1');
    if (Number.isSafeInteger(limit) && limit >= 0) return limit;
  }
  const message = `a number of rows is expected here: ${scope.textOf(node)}`;
  throw scope.error('unsupported-expression', node, message);
}

function unnamed(node: SyntaxNode, scope: CompileScope) {
  const message = `mv-expand takes Column or Name = expression here, to any type but timespan: ${scope.textOf(node)}`;
  return scope.error('unsupported-expression', node, message);
}
