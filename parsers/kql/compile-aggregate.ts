import { type AggregateDefinition, type AggregateParameter, aggregates } from './aggregates.ts';
import { compilePredicateNode, compileScalar } from './compile-scalar.ts';
import type { CompileScope } from './compile-scope.ts';
import type { NodeClasses, SyntaxNode } from './kusto-syntax.ts';
import type { Scalar } from './plan.ts';
import type { NamedAggregate } from './relation.ts';

type Call = NodeClasses['FunctionCallExpression'];

/** The aggregate that `call` is, of one value a row; undefined where its name is no aggregate of ours. */
export function compileAggregate(
  call: Call,
  name: string,
  scope: CompileScope,
): NamedAggregate | undefined {
  const written = call.Name.SimpleName;
  const definition = Object.hasOwn(aggregates, written) ? aggregates[written] : undefined;
  if (!definition) return undefined;
  const { aggregate, params } = definition;
  const nodes = scope.elementsOf(call.ArgumentList.Expressions);
  const given = (param: AggregateParameter) => {
    const index = params.indexOf(param);
    return index < 0 ? undefined : nodes[index];
  };
  const [value, condition, cap] = [given('value'), given('condition'), given('cap')];
  const isShort = params.some((param, index) => !isOptional(param) && !nodes[index]);
  if (isShort || nodes.length > params.length) throw wrongArguments(call, scope);

  const accuracy = given('accuracy');
  if (accuracy) constantNumber(accuracy, scope);
  return {
    name,
    aggregate,
    ...(value && { arg: compileValue(value, call, definition, scope) }),
    ...(condition && { condition: compilePredicateNode(condition, scope) }),
    ...(cap && { maxSize: constantNumber(cap, scope) }),
    type: scope.typeOf(call),
    span: scope.spanOf(call),
  };
}

/** Arguments that we do not have, or of which it is not certain what Kusto makes. */
export function wrongArguments(call: Call, scope: CompileScope) {
  const message = `these arguments are not supported: ${scope.textOf(call)}`;
  return scope.error('unsupported-expression', call, message);
}

function isOptional(param: AggregateParameter): boolean {
  return param === 'accuracy' || param === 'cap';
}

function compileValue(
  node: SyntaxNode,
  call: Call,
  { types }: AggregateDefinition,
  scope: CompileScope,
): Scalar {
  const value = compileScalar(node, scope);
  if (types.includes(value.type)) return value;
  const message = `${call.Name.SimpleName}() of a ${value.type} is not supported: ${scope.textOf(node)}`;
  throw scope.error('unsupported-expression', node, message);
}

function constantNumber(node: SyntaxNode, scope: CompileScope): number {
  const scalar = compileScalar(node, scope);
  if (scalar.kind === 'literal' && scalar.literal.type === 'long') {
    const number = Number(scalar.literal.value ?? '-1');
    if (Number.isSafeInteger(number) && number >= 0) return number;
  }
  const message = `a constant is expected here: ${scope.textOf(node)}`;
  throw scope.error('unsupported-expression', node, message);
}
