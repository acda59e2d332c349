import { compilePredicateNode, compileScalar } from './compile-scalar.ts';
import type { CompileScope } from './compile-scope.ts';
import { asString, asType } from './convert-scalar.ts';
import { isBranch } from './functions/conditional-functions.ts';
import { DATETIME_PARTS, PERIODS } from './functions/datetime-part.ts';
import { patternProblem } from './functions/format-pattern.ts';
import type { PureFunction } from './functions/function-table.ts';
import { regexProblem } from './functions/regex.ts';
import type { ArgumentType, ConstantKind, Parameter } from './functions/scalar-function.ts';
import type { SyntaxNode } from './kusto-syntax.ts';
import type { Scalar, ScalarType } from './plan.ts';

/** What is wrong with a constant of each kind; undefined where nothing is. */
const CONSTANTS: Readonly<Record<ConstantKind, (value: string) => string | undefined>> = {
  regex: regexProblem,
  part: (value) => oneOf(value, DATETIME_PARTS),
  period: (value) => oneOf(value, PERIODS),
  'datetime-format': (value) => patternProblem(value, 'datetime'),
  'timespan-format': (value) => patternProblem(value, 'timespan'),
};

const TEXT_OR_NUMBER: readonly ScalarType[] = ['string', 'bool', 'long', 'real', 'dynamic'];
const NUMBER_OR_TIME: readonly ScalarType[] = ['long', 'real', 'timespan', 'datetime'];
const ORDERED: readonly ScalarType[] = [...NUMBER_OR_TIME, 'string', 'bool'];

/** Of parameters that take `any` type, those functions whose result is certain for some types only. */
const TYPES: Partial<Record<PureFunction, readonly ScalarType[]>> = {
  tolong: TEXT_OR_NUMBER,
  toint: TEXT_OR_NUMBER,
  todouble: TEXT_OR_NUMBER,
  tobool: TEXT_OR_NUMBER,
  todatetime: ['string', 'datetime', 'dynamic'],
  totimespan: ['string', 'timespan', 'dynamic'],
  parse_json: ['string', 'dynamic'],
  abs: ['long', 'real', 'timespan'],
  bin: NUMBER_OR_TIME,
  min_of: ORDERED,
  max_of: ORDERED,
};

/** One argument, converted as Kusto does by itself, or a KqlError that says what is expected. */
export function argumentOf(
  param: Parameter,
  node: SyntaxNode,
  scope: CompileScope,
  name?: PureFunction,
  index = 0,
): Scalar {
  const wanted = param.replace(/[?*]$/, '') as ArgumentType;
  if (wanted === 'bool') return compilePredicateNode(node, scope);
  const scalar = compileScalar(node, scope);
  const types = name && TYPES[name];
  if (types && index < 2 && !types.includes(scalar.type))
    throw wrongType(`one of ${types.join(', ')}`, scalar, node, scope);
  const converted = convert(wanted, scalar, node, scope);
  if (converted) return converted;
  throw wrongType(wanted, scalar, node, scope);
}

function convert(
  wanted: Exclude<ArgumentType, 'bool'>,
  scalar: Scalar,
  node: SyntaxNode,
  scope: CompileScope,
): Scalar | undefined {
  switch (wanted) {
    case 'any':
      return scalar;
    case 'number':
      return scalar.type === 'long' || scalar.type === 'real' ? scalar : undefined;
    case 'string':
      return asString(scalar);
    case 'long':
    case 'real':
    case 'datetime':
    case 'timespan':
    case 'dynamic':
      return asType(scalar, wanted);
    default:
      return constantOf(wanted, scalar, node, scope);
  }
}

function constantOf(
  kind: ConstantKind,
  scalar: Scalar,
  node: SyntaxNode,
  scope: CompileScope,
): Scalar {
  if (scalar.kind !== 'literal' || scalar.literal.type !== 'string')
    throw wrongType('constant string', scalar, node, scope);
  const problem = CONSTANTS[kind](scalar.literal.value);
  if (problem === undefined) return scalar;
  throw scope.error('unsupported-expression', node, `${problem}: ${scope.textOf(node)}`);
}

function oneOf(value: string, names: ReadonlySet<string>): string | undefined {
  return names.has(value.toLowerCase()) ? undefined : `one of ${[...names].join(', ')} is expected`;
}

function wrongType(wanted: string, scalar: Scalar, node: SyntaxNode, scope: CompileScope) {
  const message = `a ${wanted} is expected here, not a ${scalar.type}: ${scope.textOf(node)}`;
  return scope.error('unsupported-expression', node, message);
}

/** Functions that give back one of their arguments. */
const CHOOSERS: ReadonlySet<PureFunction> = new Set([
  ...(['iff', 'case', 'coalesce', 'min_of', 'max_of'] as const),
]);

/** All values that a call can give as the type of its result; conditions are bools already. Checks what bin() divides. */
export function unifyBranches(
  name: PureFunction,
  args: readonly Scalar[],
  type: ScalarType,
  node: SyntaxNode,
  scope: CompileScope,
): readonly Scalar[] {
  if (name === 'bin') checkBin(args, node, scope);
  if (!CHOOSERS.has(name)) return args;
  return args.map((arg, index) => {
    const wanted = isBranch(name, index, args.length) ? type : 'bool';
    const converted = asType(arg, wanted);
    if (converted) return converted;
    const message = `${name}() gives a ${type} here, and this is a ${arg.type}: ${scope.textOf(node)}`;
    throw scope.error('unsupported-expression', node, message);
  });
}

function checkBin(args: readonly Scalar[], node: SyntaxNode, scope: CompileScope): void {
  const [value, size] = args.map(({ type }) => type);
  const isTime = value === 'datetime' || value === 'timespan';
  if (size !== 'datetime' && isTime === (size === 'timespan')) return;
  const message = `a ${value} cannot be divided into bins of a ${size}: ${scope.textOf(node)}`;
  throw scope.error('unsupported-expression', node, message);
}
