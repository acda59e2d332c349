import { compileColumnChoice, compileRename } from './compile-columns.ts';
import { compileDatatable, compilePrint } from './compile-datatable.ts';
import { compileJoin, compileLookup } from './compile-join.ts';
import { compileMvExpand } from './compile-mv-expand.ts';
import { compilePredicateNode, compileScalar } from './compile-scalar.ts';
import type { CompileScope } from './compile-scope.ts';
import { compileSummarize } from './compile-summarize.ts';
import { compileUnion } from './compile-union.ts';
import type { NodeClasses, SyntaxNode } from './kusto-syntax.ts';
import { compileNamed } from './named-scalars.ts';
import { readParameters } from './operator-parameters.ts';
import { unsupportedFunction, unsupportedOperator } from './refusals.ts';
import type { NamedScalar, Relation, SortKey } from './relation.ts';

/** A table, a let that stands for one, or a pipe of operators over one. */
export function compileRelation(node: SyntaxNode, scope: CompileScope): Relation {
  return scope.within(node, () => {
    const { kusto } = scope;
    if (kusto.is(node, 'ParenthesizedExpression')) return compileRelation(node.Expression, scope);
    if (kusto.is(node, 'NameReference')) return compileTable(node, scope);
    if (kusto.is(node, 'PipeExpression')) {
      const input = compileRelation(node.Expression, scope);
      return compileOperator(node.Operator, input, scope);
    }
    if (kusto.is(node, 'UnionOperator')) return compileUnionOf(node, [], scope);
    if (kusto.is(node, 'DataTableExpression')) return compileDatatable(node, scope);
    if (kusto.is(node, 'PrintOperator')) return compilePrint(node, scope);
    if (kusto.is(node, 'MaterializeExpression')) {
      const input = compileRelation(node.Expression, scope);
      return { kind: 'materialize', input, columns: input.columns, span: scope.spanOf(node) };
    }
    if (kusto.is(node, 'FunctionCallExpression'))
      throw unsupportedFunction(node.Name, node.Name.SimpleName, scope);
    throw unsupportedOperator(node, operatorName(node, scope), scope);
  });
}

function compileTable(node: NodeClasses['NameReference'], scope: CompileScope): Relation {
  const symbol = node.ReferencedSymbol;
  const expression = scope.kusto.isSymbol(symbol, 'VariableSymbol')
    ? scope.lets.get(node.SimpleName)
    : undefined;
  if (expression) return compileRelation(expression, scope);
  if (symbol && scope.kusto.isSymbol(symbol, 'TableSymbol')) {
    const columns = scope.columnsOf(node);
    return { kind: 'table', table: symbol.Name, columns, span: scope.spanOf(node) };
  }
  const message = `this is no table: ${scope.textOf(node)}`;
  throw scope.error('unsupported-expression', node, message);
}

function compileOperator(node: SyntaxNode, input: Relation, scope: CompileScope): Relation {
  const { kusto } = scope;
  const span = scope.spanOf(node);
  if (kusto.is(node, 'UnionOperator')) return compileUnionOf(node, [input], scope);
  if (kusto.is(node, 'JoinOperator'))
    return compileJoin(node, input, compileRelation(node.Expression, scope), scope);
  if (kusto.is(node, 'LookupOperator'))
    return compileLookup(node, input, compileRelation(node.Expression, scope), scope);
  if (kusto.is(node, 'MvExpandOperator')) return compileMvExpand(node, input, scope);
  if (kusto.is(node, 'AsOperator')) return input;
  if ('Parameters' in node) readParameters(node as NodeClasses['FilterOperator'], [], scope);

  if (kusto.is(node, 'FilterOperator')) {
    const predicate = compilePredicateNode(node.Condition, scope);
    return { kind: 'where', input, predicate, columns: input.columns, span };
  }
  if (kusto.is(node, 'ExtendOperator')) {
    const columns = scope.columnsOf(node);
    const unnamed = columns.slice(input.columns.length);
    const values = compileNamed(scope.elementsOf(node.Expressions), unnamed, scope);
    return { kind: 'extend', input, values, columns, span };
  }
  if (kusto.is(node, 'ProjectOperator')) {
    const columns = scope.columnsOf(node);
    const values = compileNamed(scope.elementsOf(node.Expressions), columns, scope);
    return { kind: 'project', input, values, columns, span };
  }
  if (kusto.is(node, 'DistinctOperator')) {
    const columns = scope.columnsOf(node);
    const values = compileDistinct(node, input, scope);
    return { kind: 'distinct', input, values, columns, span };
  }
  if (kusto.is(node, 'SummarizeOperator')) return compileSummarize(node, input, scope);
  if (kusto.is(node, 'SortOperator')) {
    const keys = scope.elementsOf(node.Expressions).map((key) => compileSortKey(key, scope));
    return { kind: 'sort', input, keys, columns: input.columns, span };
  }
  if (kusto.is(node, 'TopOperator')) {
    const count = compileCount(node.Expression, scope);
    const keys = [compileSortKey(node.ByExpression, scope)];
    return { kind: 'top', input, count, keys, columns: input.columns, span };
  }
  if (kusto.is(node, 'TakeOperator')) {
    const count = compileCount(node.Expression, scope);
    return { kind: 'take', input, count, columns: input.columns, span };
  }
  if (
    kusto.is(node, 'ProjectAwayOperator') ||
    kusto.is(node, 'ProjectKeepOperator') ||
    kusto.is(node, 'ProjectReorderOperator')
  )
    return compileColumnChoice(node, input, scope);
  if (kusto.is(node, 'ProjectRenameOperator')) return compileRename(node, input, scope);
  if (kusto.is(node, 'CountOperator') && !node.AsIdentifier)
    return { kind: 'count', input, columns: scope.columnsOf(node), span };
  throw unsupportedOperator(node, operatorName(node, scope), scope);
}

/** `union A, B`, or `T | union A, B`, whose first input comes through the pipe. */
function compileUnionOf(
  node: NodeClasses['UnionOperator'],
  piped: readonly Relation[],
  scope: CompileScope,
): Relation {
  const inputs = scope.elementsOf(node.Expressions).map((each) => compileRelation(each, scope));
  return compileUnion(node, [...piped, ...inputs], scope);
}

/** `distinct *` is written out, so that later steps see only named columns. */
function compileDistinct(
  node: NodeClasses['DistinctOperator'],
  input: Relation,
  scope: CompileScope,
): readonly NamedScalar[] {
  const elements = scope.elementsOf(node.Expressions);
  const [first] = elements;
  if (first && scope.kusto.is(first, 'StarExpression')) {
    const span = scope.spanOf(first);
    return input.columns.map(({ name, type }) => ({
      name,
      value: { kind: 'column', name, type, span },
    }));
  }
  return compileNamed(elements, scope.columnsOf(node), scope);
}

/**
 * Descending unless `asc` says otherwise; nulls count as the smallest values unless `nulls first` or `nulls last` does.
 * Source: Kusto documentation, "The sort operator".
 */
function compileSortKey(node: SyntaxNode, scope: CompileScope): SortKey {
  const { kusto } = scope;
  const ordering = kusto.is(node, 'OrderedExpression') ? node.Ordering : undefined;
  const expression = kusto.is(node, 'OrderedExpression') ? node.Expression : node;
  const direction = ordering?.AscOrDescKeyword;
  const directionKind = direction ? kusto.kind(direction) : 'DescKeyword';
  if (directionKind !== 'AscKeyword' && directionKind !== 'DescKeyword')
    throw unsupportedOperator(node, 'sort by granny-asc or granny-desc', scope);
  const descending = directionKind === 'DescKeyword';
  const nulls = ordering?.NullsClause?.FirstOrLastKeyword;
  const nullsFirst = nulls ? kusto.kind(nulls) === 'FirstKeyword' : !descending;
  const value = compileScalar(expression, scope);
  if (value.type === 'dynamic') {
    const message = `dynamic values have no order: ${scope.textOf(expression)}`;
    throw scope.error('unsupported-expression', expression, message);
  }
  return { value, descending, nullsFirst };
}

/** The row count of `take` and `top`: a constant, as it must be in Kusto too. */
function compileCount(node: SyntaxNode, scope: CompileScope): number {
  const scalar = compileScalar(node, scope);
  if (scalar.kind === 'literal' && scalar.literal.type === 'long') {
    const count = Number(scalar.literal.value ?? '-1');
    if (Number.isSafeInteger(count) && count >= 0) return count;
  }
  const message = `a number of rows is expected here: ${scope.textOf(node)}`;
  throw scope.error('unsupported-expression', node, message);
}

/** The keyword an operator begins with: `join`, `mv-expand`, `externaldata`. */
function operatorName(node: SyntaxNode, scope: CompileScope): string {
  return /^[a-z][\w-]*/i.exec(scope.textOf(node))?.[0] ?? scope.kusto.kind(node);
}
