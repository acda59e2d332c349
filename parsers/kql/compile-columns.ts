import type { CompileScope } from './compile-scope.ts';
import type { SyntaxNode } from './kusto-syntax.ts';
import type { ResultColumn } from './plan.ts';
import type { Relation } from './relation.ts';

/**
 * `project-away`, `project-keep` and `project-reorder`: which columns are left, and in which order, is what Microsoft's
 * analysis says, wildcards included.
 */
export function compileColumnChoice(
  node: SyntaxNode,
  input: Relation,
  scope: CompileScope,
): Relation {
  return projected(node, input, scope.columnsOf(node), ({ name }) => name, scope);
}

/** `project-rename New = Old`: every column keeps its place. */
export function compileRename(node: SyntaxNode, input: Relation, scope: CompileScope): Relation {
  const columns = scope.columnsOf(node);
  return projected(node, input, columns, (_, index) => input.columns[index]?.name ?? '', scope);
}

function projected(
  node: SyntaxNode,
  input: Relation,
  columns: readonly ResultColumn[],
  sourceOf: (column: ResultColumn, index: number) => string,
  scope: CompileScope,
): Relation {
  const span = scope.spanOf(node);
  const values = columns.map((column, index) => {
    const name = sourceOf(column, index);
    const { type } = column;
    if (!input.columns.some((each) => each.name === name && each.type === type))
      throw scope.error('unsupported-expression', node, `no column becomes ${column.name}`);
    return { name: column.name, value: { kind: 'column', name, type, span } as const };
  });
  return { kind: 'project', input, values, columns, span };
}
