import { compileScalar } from './compile-scalar.ts';
import type { CompileScope } from './compile-scope.ts';
import type { SyntaxNode } from './kusto-syntax.ts';
import type { ResultColumn } from './plan.ts';
import type { NamedScalar } from './relation.ts';

/**
 * The expressions of `extend`, `project`, `distinct` and `by`, each with the name of its column.
 *
 * An expression without a name gets one from Kusto (Column1, ...), which only Microsoft's analysis knows: `columns` are
 * the result columns that these expressions make, in order. In `extend` those are the appended ones, and an expression
 * whose name the input has already makes none.
 */
export function compileNamed(
  elements: readonly SyntaxNode[],
  columns: readonly ResultColumn[],
  scope: CompileScope,
): NamedScalar[] {
  let next = 0;
  const named = elements.map((element) => {
    const own = ownName(element, scope);
    const column = columns[next];
    if (own === undefined || own === column?.name) next += 1;
    const value = compileScalar(withoutName(element, scope), scope);
    const name = own ?? column?.name;
    if (name === undefined) throw unnamed(element, scope);
    return { name, value };
  });
  const names = new Set(named.map(({ name }) => name));
  const last = elements.at(-1);
  if (last && (next !== columns.length || names.size !== named.length)) throw unnamed(last, scope);
  return named;
}

/** `Name = expression`, `(Name, Other) = expression`: the expression. */
export function withoutName(element: SyntaxNode, { kusto }: CompileScope): SyntaxNode {
  if (kusto.is(element, 'SimpleNamedExpression')) return element.Expression;
  return kusto.is(element, 'CompoundNamedExpression') ? element.Expression : element;
}

/** The name that an expression brings itself: `Name = ...`, or a bare column. */
function ownName(element: SyntaxNode, scope: CompileScope): string | undefined {
  if (scope.kusto.is(element, 'SimpleNamedExpression')) return element.Name.SimpleName;
  if (scope.kusto.is(element, 'NameReference')) return element.SimpleName;
  return undefined;
}

/** Two columns of one name, or a form of naming that we do not know: which column is meant is not certain. */
function unnamed(element: SyntaxNode, scope: CompileScope) {
  const message = `give this column a name of its own: ${scope.textOf(element)}`;
  return scope.error('unsupported-expression', element, message);
}
