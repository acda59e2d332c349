import { compileScalar } from './compile-scalar.ts';
import type { CompileScope } from './compile-scope.ts';
import type { NodeClasses, SyntaxNode } from './kusto-syntax.ts';
import { compileNamed } from './named-scalars.ts';
import { readParameters } from './operator-parameters.ts';
import type { LiteralValue, ResultColumn, Scalar } from './plan.ts';
import type { Relation } from './relation.ts';

/** `datatable(Name:string, Size:long) ['a', 1, 'b', 2]`: constants by rows. */
export function compileDatatable(
  node: NodeClasses['DataTableExpression'],
  scope: CompileScope,
): Relation {
  readParameters(node, [], scope);
  const columns = scope.columnsOf(node);
  const elements = scope.elementsOf(node.Values);
  if (columns.length === 0 || elements.length % columns.length !== 0) {
    const message = `${elements.length} values are no rows of ${columns.length} columns`;
    throw scope.error('unsupported-expression', node, message);
  }
  const values = elements.map((element, index) => {
    const column = columns[index % columns.length] as ResultColumn;
    return literalOf(compileScalar(element, scope), column, element, scope);
  });
  const rows = Array.from({ length: elements.length / columns.length }, (_, row) =>
    values.slice(row * columns.length, (row + 1) * columns.length),
  );
  return { kind: 'datatable', rows, columns, span: scope.spanOf(node) };
}

/** `print X = 1, now()`: one row, computed over a row that has no columns. */
export function compilePrint(node: NodeClasses['PrintOperator'], scope: CompileScope): Relation {
  const span = scope.spanOf(node);
  const columns = scope.columnsOf(node);
  const values = compileNamed(scope.elementsOf(node.Expressions), columns, scope);
  const input: Relation = { kind: 'datatable', rows: [[]], columns: [], span };
  return { kind: 'project', input, values, columns, span };
}

/** Only a literal of the column's type: what Kusto makes of others is not certain. An int is a long, a long also a real. */
function literalOf(
  scalar: Scalar,
  { name, type }: ResultColumn,
  node: SyntaxNode,
  scope: CompileScope,
): LiteralValue {
  if (scalar.kind === 'literal') {
    const { literal } = scalar;
    if (literal.type === type) return literal;
    if (type === 'real' && literal.type === 'long')
      return { type, value: literal.value === null ? null : Number(literal.value) };
  }
  if (scalar.kind === 'negate' && scalar.operand.kind === 'literal') {
    const { literal } = scalar.operand;
    if (literal.type === 'long' && literal.value !== null && (type === 'long' || type === 'real'))
      return type === 'long'
        ? { type, value: (-BigInt(literal.value)).toString() }
        : { type, value: -Number(literal.value) };
    if (literal.type === 'real' && literal.value !== null && type === 'real')
      return { type, value: -literal.value };
  }
  const message = `a constant ${type} is expected for the column ${name}: ${scope.textOf(node)}`;
  throw scope.error('unsupported-expression', node, message);
}
