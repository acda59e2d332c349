import { comparableTo } from './compile-comparison.ts';
import { compileScalar } from './compile-scalar.ts';
import type { CompileScope } from './compile-scope.ts';
import type { NodeClasses, SyntaxNode } from './kusto-syntax.ts';
import { parseLiteral } from './literals.ts';
import type { Scalar, StringMatchOperator } from './plan.ts';

const FAMILIES: readonly [string, StringMatchOperator][] = [
  ['Has', 'has'],
  ['Contains', 'contains'],
  ['StartsWith', 'startswith'],
  ['EndsWith', 'endswith'],
];

interface Match {
  readonly operator: StringMatchOperator;
  readonly negated: boolean;
  readonly caseSensitive: boolean;
}

/** Microsoft's kinds: HasExpression, NotHasExpression, HasCsExpression, NotHasCsExpression, and so on; `=~` and `!~`. */
const MATCHES: ReadonlyMap<string, Match> = new Map([
  ['EqualTildeExpression', { operator: 'equals', negated: false, caseSensitive: false }],
  ['BangTildeExpression', { operator: 'equals', negated: true, caseSensitive: false }],
  ...FAMILIES.flatMap(([name, operator]) =>
    [false, true].flatMap((negated) =>
      [false, true].map((caseSensitive): [string, Match] => [
        `${negated ? 'Not' : ''}${name}${caseSensitive ? 'Cs' : ''}Expression`,
        { operator, negated, caseSensitive },
      ]),
    ),
  ),
]);

/** `has`, `contains`, `=~` and their relatives; undefined where `node` is another operator. */
export function compileStringMatch(
  node: NodeClasses['BinaryExpression'],
  scope: CompileScope,
): Scalar | undefined {
  const match = MATCHES.get(scope.kusto.kind(node));
  if (!match) return undefined;
  return {
    kind: 'string-match',
    ...match,
    value: compileString(node.Left, scope),
    needles: [compileString(node.Right, scope)],
    type: 'bool',
    span: scope.spanOf(node),
  };
}

/** `has_any`: one of several terms, without regard to case. It has no negated and no case-sensitive form. */
export function compileHasAny(node: NodeClasses['HasAnyExpression'], scope: CompileScope): Scalar {
  const value = compileString(node.Left, scope);
  const needles = compileList(node.Right.Expressions, scope);
  const other = needles.find(({ type }) => type !== 'string');
  if (other) {
    const message = `has_any looks for strings, not for a ${other.type}`;
    throw scope.error('unsupported-expression', node.Right, message);
  }
  return {
    kind: 'string-match',
    operator: 'has',
    negated: false,
    caseSensitive: false,
    value,
    needles,
    type: 'bool',
    span: scope.spanOf(node),
  };
}

/** `in`, `!in`, `in~`, `!in~`. Microsoft's kind of `in~` is InCsExpression, although it ignores case. */
export function compileIn(node: NodeClasses['InExpression'], scope: CompileScope): Scalar {
  const kind = scope.kusto.kind(node);
  const value = compileScalar(node.Left, scope);
  const list = compileList(node.Right.Expressions, scope);
  return {
    kind: 'in',
    negated: kind === 'NotInExpression' || kind === 'NotInCsExpression',
    caseSensitive: kind === 'InExpression' || kind === 'NotInExpression',
    value,
    list: list.map((item) => comparableTo(value, item, node.Right, scope)),
    type: 'bool',
    span: scope.spanOf(node),
  };
}

function compileString(node: SyntaxNode, scope: CompileScope): Scalar {
  const scalar = compileScalar(node, scope);
  if (scalar.type === 'string') return scalar;
  const message = `a string is expected here, not a ${scalar.type}: ${scope.textOf(node)}`;
  throw scope.error('unsupported-expression', node, message);
}

/** The items of `(a, b, c)`. An item that is a constant array, `dynamic(['x', 'y'])`, stands for its elements. */
function compileList(list: SyntaxNode, scope: CompileScope): Scalar[] {
  return scope.elementsOf(list).flatMap((item) => {
    const array = constantArray(item, scope);
    return array ?? [compileScalar(item, scope)];
  });
}

function constantArray(item: SyntaxNode, scope: CompileScope): Scalar[] | undefined {
  const node = behindLets(item, scope);
  if (!scope.kusto.is(node, 'DynamicExpression')) return undefined;
  if (!scope.kusto.is(node.Expression, 'JsonArrayExpression')) return undefined;
  return scope
    .elementsOf(node.Expression.Values)
    .map((element) => scope.within(element, () => compileArrayElement(element, scope)));
}

function behindLets(node: SyntaxNode, scope: CompileScope): SyntaxNode {
  return scope.within(node, () => {
    if (scope.kusto.is(node, 'ParenthesizedExpression')) return behindLets(node.Expression, scope);
    if (!scope.kusto.is(node, 'NameReference')) return node;
    if (!scope.kusto.isSymbol(node.ReferencedSymbol, 'VariableSymbol')) return node;
    const expression = scope.lets.get(node.SimpleName);
    return expression ? behindLets(expression, scope) : node;
  });
}

/** Elements are JSON, so a string in them has JSON's escapes; the lexer has read them already. */
function compileArrayElement(element: SyntaxNode, scope: CompileScope): Scalar {
  if (scope.kusto.is(element, 'LiteralExpression')) {
    const type = scope.typeOf(element);
    const literal = parseLiteral(type, element.Token.ValueText);
    if (literal && literal.value !== null)
      return { kind: 'literal', literal, type, span: scope.spanOf(element) };
  }
  const message = `only constants can stand in this array: ${scope.textOf(element)}`;
  throw scope.error('unsupported-expression', element, message);
}
