import type { CompileScope } from './compile-scope.ts';
import type { NodeClasses, SyntaxNode } from './kusto-syntax.ts';
import { readParameters } from './operator-parameters.ts';
import type { ResultColumn } from './plan.ts';
import { unsupportedOperator } from './refusals.ts';
import type { JoinFlavor, JoinKey, Relation } from './relation.ts';

const FLAVORS: Readonly<Record<string, JoinFlavor>> = {
  innerunique: 'innerunique',
  inner: 'inner',
  leftouter: 'leftouter',
  rightouter: 'rightouter',
  fullouter: 'fullouter',
  anti: 'leftanti',
  leftanti: 'leftanti',
  leftantisemi: 'leftanti',
  rightanti: 'rightanti',
  rightantisemi: 'rightanti',
  leftsemi: 'leftsemi',
  rightsemi: 'rightsemi',
};

/** `join kind=... (right) on Key, $left.A == $right.B`. Without a kind it is `innerunique`, as in Kusto. */
export function compileJoin(
  node: NodeClasses['JoinOperator'],
  input: Relation,
  right: Relation,
  scope: CompileScope,
): Relation {
  const kind = readParameters(node, ['kind', 'hint'], scope).get('kind') ?? 'innerunique';
  const flavor = FLAVORS[kind];
  if (!flavor) throw unsupportedOperator(node, `join kind=${kind}`, scope);
  const on = compileKeys(node, node.ConditionClause, input, right, scope);
  return {
    kind: 'join',
    flavor,
    input,
    right,
    on,
    columns: scope.columnsOf(node),
    span: scope.spanOf(node),
  };
}

/** `lookup`: a join that shows the keys of the right side no second time. Source: Kusto documentation, "lookup operator". */
export function compileLookup(
  node: NodeClasses['LookupOperator'],
  input: Relation,
  right: Relation,
  scope: CompileScope,
): Relation {
  const flavor = readParameters(node, ['kind', 'hint'], scope).get('kind') ?? 'leftouter';
  if (flavor !== 'leftouter' && flavor !== 'inner')
    throw unsupportedOperator(node, `lookup kind=${flavor}`, scope);
  const on = compileKeys(node, node.LookupClause, input, right, scope);
  const columns = scope.columnsOf(node);
  const span = scope.spanOf(node);

  const names = new Set(columns.map(({ name }) => name));
  let next = input.columns.length;
  const shown = right.columns.map(({ name, type }): ResultColumn => {
    const isKey = on.some((key) => key.right === name);
    const column = isKey ? { name: freshName(name, names), type } : columns[next];
    if (!isKey) next += 1;
    if (column) return column;
    throw scope.error('unsupported-expression', node, `no column becomes ${name}`);
  });
  const join: Relation = {
    kind: 'join',
    flavor,
    input,
    right,
    on,
    columns: [...columns.slice(0, input.columns.length), ...shown],
    span,
  };
  const values = columns.map(({ name, type }) => ({
    name,
    value: { kind: 'column', name, type, span } as const,
  }));
  return { kind: 'project', input: join, values, columns, span };
}

function compileKeys(
  node: SyntaxNode,
  clause: SyntaxNode | null,
  left: Relation,
  right: Relation,
  scope: CompileScope,
): readonly JoinKey[] {
  if (!clause || !scope.kusto.is(clause, 'JoinOnClause'))
    throw unsupportedOperator(node, 'join without on', scope);
  const keys = scope.elementsOf(clause.Expressions).flatMap((each) => keysOf(each, scope));
  for (const key of keys) {
    const one = left.columns.find(({ name }) => name === key.left);
    const other = right.columns.find(({ name }) => name === key.right);
    if (one && one.type === other?.type && one.type !== 'dynamic') continue;
    const message = `${key.left} and ${key.right} are no two columns of one type to join on`;
    throw scope.error('unsupported-expression', clause, message);
  }
  return keys;
}

/** `Key`, `$left.A == $right.B` either way round, or several with `and`. */
function keysOf(node: SyntaxNode, scope: CompileScope): readonly JoinKey[] {
  const { kusto } = scope;
  if (kusto.is(node, 'NameReference')) return [{ left: node.SimpleName, right: node.SimpleName }];
  if (kusto.is(node, 'ParenthesizedExpression')) return keysOf(node.Expression, scope);
  if (kusto.is(node, 'BinaryExpression')) {
    const kind = kusto.kind(node);
    if (kind === 'AndExpression')
      return [...keysOf(node.Left, scope), ...keysOf(node.Right, scope)];
    const [one, other] = [sideOf(node.Left, scope), sideOf(node.Right, scope)];
    if (kind === 'EqualExpression' && one && other && one.side !== other.side)
      return one.side === '$left'
        ? [{ left: one.name, right: other.name }]
        : [{ left: other.name, right: one.name }];
  }
  const message = `a join goes on columns, Name or $left.A == $right.B: ${scope.textOf(node)}`;
  throw scope.error('unsupported-expression', node, message);
}

function sideOf(node: SyntaxNode, { kusto }: CompileScope) {
  if (!kusto.is(node, 'PathExpression')) return undefined;
  const { Expression, Selector } = node;
  if (!kusto.is(Expression, 'NameReference') || !kusto.is(Selector, 'NameReference'))
    return undefined;
  const side = Expression.SimpleName;
  return side === '$left' || side === '$right' ? { side, name: Selector.SimpleName } : undefined;
}

/** A name that no column of the result has. */
function freshName(name: string, taken: Set<string>): string {
  let number = 1;
  while (taken.has(`${name}${number}`)) number += 1;
  taken.add(`${name}${number}`);
  return `${name}${number}`;
}
