import { argumentOf, unifyBranches } from './compile-argument.ts';
import { compilePredicateNode } from './compile-scalar.ts';
import type { CompileScope } from './compile-scope.ts';
import { callOf } from './convert-scalar.ts';
import { isPureFunction, type PureFunction, scalarFunctions } from './functions/function-table.ts';
import type { Parameter, ScalarFunctionDefinition } from './functions/scalar-function.ts';
import type { NodeClasses, SyntaxNode } from './kusto-syntax.ts';
import type { Scalar, ScalarType } from './plan.ts';
import { unsupportedFunction } from './refusals.ts';

/** Other names of the same functions. Source: Kusto documentation, the page of each function. */
const ALIASES: ReadonlyMap<string, PureFunction> = new Map([
  ['iif', 'iff'],
  ['floor', 'bin'],
  ['toreal', 'todouble'],
  ['toboolean', 'tobool'],
  ['todynamic', 'parse_json'],
  ['pack', 'bag_pack'],
  ['pack_dictionary', 'bag_pack'],
  ['notempty', 'isnotempty'],
  ['notnull', 'isnotnull'],
  ['monthofyear', 'getmonth'],
]);

/** Operators that are functions in a plan only. */
const OPERATORS_ONLY: ReadonlySet<string> = new Set([
  ...['matches_regex', 'property', 'element', 'in_array', 'has_any_array', 'has_all_array'],
]);

/** SQLite takes 127 arguments, Kusto's strcat() 64. */
const MAX_ARGUMENTS = 64;

/** A call of a scalar function, with its arguments checked; KqlError for a function that we do not have. */
export function compileCall(
  node: NodeClasses['FunctionCallExpression'],
  scope: CompileScope,
): Scalar {
  const written = node.Name.SimpleName;
  const nodes = scope.elementsOf(node.ArgumentList.Expressions);
  const span = scope.spanOf(node);
  if (written === 'not') {
    const [only] = nodes;
    if (!only) throw unsupportedFunction(node.Name, written, scope);
    return { kind: 'not', operand: compilePredicateNode(only, scope), type: 'bool', span };
  }
  if (written === 'now' || written === 'ago') {
    const args = nodes.map((each) => argumentOf('timespan', each, scope));
    return { kind: 'call', name: written, args, type: 'datetime', span };
  }
  const name = ALIASES.get(written) ?? written;
  if (!isPureFunction(name) || OPERATORS_ONLY.has(name))
    throw unsupportedFunction(node.Name, written, scope);
  if (name === 'extract' && nodes.length === 4) return compileTypedExtract(node, nodes, scope);

  const type = scope.typeOf(node);
  const args = compileArguments(name, nodes, node, scope);
  return { kind: 'call', name, args: unifyBranches(name, args, type, node, scope), type, span };
}

function compileArguments(
  name: PureFunction,
  nodes: readonly SyntaxNode[],
  call: NodeClasses['FunctionCallExpression'],
  scope: CompileScope,
): Scalar[] {
  const { params }: ScalarFunctionDefinition = scalarFunctions[name];
  const least = params.filter((param) => !/[?*]$/.test(param)).length;
  if (nodes.length < least || nodes.length > MAX_ARGUMENTS)
    throw wrongCount(name, nodes.length, call, scope);
  return nodes.map((node, index) => {
    const param = parameterAt(params, index);
    if (!param) throw wrongCount(name, nodes.length, call, scope);
    return argumentOf(param, node, scope, name, index);
  });
}

/** The last parameter may repeat. */
function parameterAt(params: readonly Parameter[], index: number): Parameter | undefined {
  const last = params.at(-1);
  return params[index] ?? (last?.endsWith('*') ? last : undefined);
}

function wrongCount(name: string, count: number, node: SyntaxNode, scope: CompileScope) {
  const message = `${name}() with ${count} arguments is not supported: ${scope.textOf(node)}`;
  return scope.error('unsupported-function', node, message);
}

const CONVERSIONS: Readonly<Record<Exclude<ScalarType, 'string'>, PureFunction>> = {
  bool: 'tobool',
  datetime: 'todatetime',
  timespan: 'totimespan',
  long: 'tolong',
  real: 'todouble',
  dynamic: 'parse_json',
};

/** `extract(regex, group, text, typeof(long))`: what was found, converted. */
function compileTypedExtract(
  node: NodeClasses['FunctionCallExpression'],
  nodes: readonly SyntaxNode[],
  scope: CompileScope,
): Scalar {
  const [typeNode] = nodes.slice(3);
  if (!typeNode || !scope.kusto.is(typeNode, 'TypeOfLiteralExpression'))
    throw wrongCount('extract', 4, node, scope);
  const type = scope.typeOf(node);
  const args = compileArguments('extract', nodes.slice(0, 3), node, scope);
  const found: Scalar = {
    kind: 'call',
    name: 'extract',
    args,
    type: 'string',
    span: scope.spanOf(node),
  };
  return type === 'string' ? found : callOf(CONVERSIONS[type], [found], type);
}

/** `matches regex`; undefined where `node` is another operator. */
export function compileMatchesRegex(
  node: NodeClasses['BinaryExpression'],
  scope: CompileScope,
): Scalar | undefined {
  if (scope.kusto.kind(node) !== 'MatchesRegexExpression') return undefined;
  const value = argumentOf('string', node.Left, scope);
  const pattern = argumentOf('regex', node.Right, scope);
  return callOf('matches_regex', [value, pattern], 'bool');
}
