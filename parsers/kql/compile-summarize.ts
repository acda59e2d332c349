import { compileScalar } from './compile-scalar.ts';
import type { CompileScope } from './compile-scope.ts';
import type { NodeClasses, SyntaxNode } from './kusto-syntax.ts';
import { compileNamed } from './named-scalars.ts';
import type { Scalar, ScalarType } from './plan.ts';
import { unsupportedFunction } from './refusals.ts';
import type { AggregateFunction, NamedAggregate, Relation } from './relation.ts';

/** How many arguments each aggregate takes, and of which types the first may be. */
const AGGREGATES: Readonly<
  Record<AggregateFunction, { readonly args: number; readonly types: readonly ScalarType[] }>
> = {
  count: { args: 0, types: [] },
  min: { args: 1, types: ['string', 'bool', 'datetime', 'timespan', 'long', 'real'] },
  max: { args: 1, types: ['string', 'bool', 'datetime', 'timespan', 'long', 'real'] },
  dcount: { args: 2, types: ['string', 'bool', 'datetime', 'timespan', 'long', 'real'] },
  // Of timespans and arrays Kusto makes sets of its own kind: refused until a test shows which.
  make_set: { args: 2, types: ['string', 'bool', 'datetime', 'long', 'real'] },
};

/** `summarize`: the columns of `by` come first in the result, then the aggregates. */
export function compileSummarize(
  node: NodeClasses['SummarizeOperator'],
  input: Relation,
  scope: CompileScope,
): Relation {
  const columns = scope.columnsOf(node);
  const byElements = node.ByClause ? scope.elementsOf(node.ByClause.Expressions) : [];
  const by = compileNamed(byElements, columns.slice(0, byElements.length), scope);
  const aggregates = scope.elementsOf(node.Aggregates).map((element, index) => {
    const name = columns[byElements.length + index]?.name ?? '';
    return compileAggregate(element, name, scope);
  });
  if (by.length + aggregates.length === columns.length)
    return { kind: 'summarize', input, by, aggregates, columns, span: scope.spanOf(node) };
  const message = `two columns have one name: ${scope.textOf(node)}`;
  throw scope.error('unsupported-expression', node, message);
}

/** One aggregate call. Calculations over aggregates, as in `max(Timestamp) - min(Timestamp)`, are refused. */
function compileAggregate(element: SyntaxNode, name: string, scope: CompileScope): NamedAggregate {
  const { kusto } = scope;
  const call = kusto.is(element, 'SimpleNamedExpression') ? element.Expression : element;
  if (!kusto.is(call, 'FunctionCallExpression')) throw unsupportedAggregate(call, scope);
  const aggregate = call.Name.SimpleName;
  if (!isAggregate(aggregate)) throw unsupportedFunction(call.Name, aggregate, scope);

  const { args, types } = AGGREGATES[aggregate];
  const [first, second, ...more] = scope.elementsOf(call.ArgumentList.Expressions);
  if (more.length > 0 || (second && args < 2) || (!first && args > 0))
    throw unsupportedAggregate(call, scope);
  const span = scope.spanOf(call);
  const type = scope.typeOf(call);
  if (!first) return { name, aggregate, type, span };

  const arg = compileScalar(first, scope);
  if (!types.includes(arg.type)) {
    const message = `${aggregate}() of a ${arg.type} is not supported: ${scope.textOf(first)}`;
    throw scope.error('unsupported-expression', first, message);
  }
  // dcount's second argument is its accuracy: ours is exact whatever it says.
  const limit = second && constantLimit(compileScalar(second, scope), second, scope);
  if (aggregate !== 'make_set' || limit === undefined) return { name, aggregate, arg, type, span };
  return { name, aggregate, arg, maxSize: limit, type, span };
}

function constantLimit(scalar: Scalar, node: SyntaxNode, scope: CompileScope): number {
  if (scalar.kind === 'literal' && scalar.literal.type === 'long') {
    const limit = Number(scalar.literal.value ?? '-1');
    if (Number.isSafeInteger(limit) && limit >= 0) return limit;
  }
  const message = `a constant is expected here: ${scope.textOf(node)}`;
  throw scope.error('unsupported-expression', node, message);
}

function isAggregate(name: string): name is AggregateFunction {
  return Object.hasOwn(AGGREGATES, name);
}

function unsupportedAggregate(node: SyntaxNode, scope: CompileScope) {
  const message = `only min, max, count, dcount and make_set stand here: ${scope.textOf(node)}`;
  return scope.error('unsupported-expression', node, message);
}
