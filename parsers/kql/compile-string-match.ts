import { compileMatchesRegex } from './compile-call.ts';
import { comparableTo } from './compile-comparison.ts';
import { compileScalar } from './compile-scalar.ts';
import type { CompileScope } from './compile-scope.ts';
import { asString, callOf } from './convert-scalar.ts';
import type { NodeClasses, SyntaxNode } from './kusto-syntax.ts';
import { parseLiteral } from './literals.ts';
import type { Scalar, Span, StringMatchOperator } from './plan.ts';

const FAMILIES: readonly [string, StringMatchOperator][] = [
  ['Has', 'has'],
  ['HasPrefix', 'hasprefix'],
  ['HasSuffix', 'hassuffix'],
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
  if (!match) return compileMatchesRegex(node, scope);
  return {
    kind: 'string-match',
    ...match,
    value: compileString(node.Left, scope),
    needles: [compileString(node.Right, scope)],
    type: 'bool',
    span: scope.spanOf(node),
  };
}

/** `has_any` and `has_all`: terms without regard to case. They have no negated and no case-sensitive form. */
export function compileTermList(
  node: NodeClasses['HasAnyExpression'],
  scope: CompileScope,
  quantifier: 'any' | 'all',
): Scalar {
  const value = compileString(node.Left, scope);
  const items = compileList(node.Right.Expressions, scope);
  const other = items.find(({ type }) => type !== 'string' && type !== 'dynamic');
  if (other) {
    const message = `has_${quantifier} looks for strings, not for a ${other.type}`;
    throw scope.error('unsupported-expression', node.Right, message);
  }
  const needles = items.filter(({ type }) => type === 'string');
  const arrays = items.filter(({ type }) => type === 'dynamic');
  const span = scope.spanOf(node);
  const match: Scalar = {
    kind: 'string-match',
    operator: 'has',
    negated: false,
    caseSensitive: false,
    value,
    needles,
    ...(quantifier === 'all' ? { all: true } : {}),
    type: 'bool',
    span,
  };
  const calls = arrays.map((array) => callOf(`has_${quantifier}_array`, [value, array], 'bool'));
  const terms = needles.length > 0 || calls.length === 0 ? [match, ...calls] : calls;
  return joined(quantifier === 'any' ? 'or' : 'and', terms, span);
}

/** `in`, `!in`, `in~`, `!in~`. Microsoft's kind of `in~` is InCsExpression, although it ignores case. */
export function compileIn(node: NodeClasses['InExpression'], scope: CompileScope): Scalar {
  const kind = scope.kusto.kind(node);
  const written = compileScalar(node.Left, scope);
  const list = compileList(node.Right.Expressions, scope);
  const arrays = list.filter(({ type }) => type === 'dynamic');
  const items = list.filter(({ type }) => type !== 'dynamic');
  const isText = items.every(({ type }) => type === 'string');
  const value = (isText ? asString(written) : undefined) ?? written;
  const negated = kind === 'NotInExpression' || kind === 'NotInCsExpression';
  const caseSensitive = kind === 'InExpression' || kind === 'NotInExpression';
  const span = scope.spanOf(node);
  const inItems = (isNegated: boolean): Scalar => ({
    kind: 'in',
    negated: isNegated,
    caseSensitive,
    value: items.length > 0 ? value : written,
    list: items.map((item) => comparableTo(value, item, node.Right, scope)),
    type: 'bool',
    span,
  });
  if (arrays.length === 0) return inItems(negated);
  const flag: Scalar = {
    kind: 'literal',
    literal: { type: 'bool', value: caseSensitive },
    type: 'bool',
    span,
  };
  const calls = arrays.map((array) => callOf('in_array', [written, array, flag], 'bool'));
  const found = joined('or', items.length > 0 ? [inItems(false), ...calls] : calls, span);
  return negated ? { kind: 'not', operand: found, type: 'bool', span } : found;
}

/** Terms in one `and` or `or`; there is at least one. */
function joined(kind: 'and' | 'or', terms: readonly Scalar[], span: Span): Scalar {
  return terms.reduce((left, right) => ({ kind, left, right, type: 'bool', span }));
}

function compileString(node: SyntaxNode, scope: CompileScope): Scalar {
  const scalar = compileScalar(node, scope);
  const text = asString(scalar);
  if (text) return text;
  const message = `a string is expected here, not a ${scalar.type}: ${scope.textOf(node)}`;
  throw scope.error('unsupported-expression', node, message);
}

/**
 * The items of `(a, b, c)`. A constant array of one type, `dynamic(['x', 'y'])`, stands for its elements, so that an index can
 * serve them; any other dynamic item stays whole.
 */
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
  const elements: Scalar[] = [];
  for (const element of scope.elementsOf(node.Expression.Values)) {
    const constant = scope.within(element, () => arrayElement(element, scope));
    if (!constant || constant.type !== (elements[0] ?? constant).type) return undefined;
    elements.push(constant);
  }
  return elements;
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

/** A constant that is not null. Elements are JSON, so a string has JSON's escapes; the lexer has read them already. */
function arrayElement(element: SyntaxNode, scope: CompileScope): Scalar | undefined {
  const isConstant = scope.kusto.is(element, 'LiteralExpression');
  if (!isConstant || scope.kusto.kind(element) === 'NullLiteralExpression') return undefined;
  const type = scope.typeOf(element);
  const literal = parseLiteral(type, element.Token.ValueText);
  return literal && literal.value !== null
    ? { kind: 'literal', literal, type, span: scope.spanOf(element) }
    : undefined;
}
