import { compileAggregate } from './compile-aggregate.ts';
import { compileScalar } from './compile-scalar.ts';
import type { CompileScope } from './compile-scope.ts';
import type { NodeClasses, SyntaxNode } from './kusto-syntax.ts';
import { compileNamed, withoutName } from './named-scalars.ts';
import type { ResultColumn, Scalar } from './plan.ts';
import type { NamedAggregate, NamedScalar, Relation } from './relation.ts';
import { compileRowAggregate } from './row-aggregates.ts';

/**
 * `summarize`: the columns of `by` come first in the result, then the aggregates.
 *
 * A calculation over aggregates, as in `max(Timestamp) - min(Timestamp)`, is a `project` after a `summarize` that has
 * each of them in a column of its own.
 */
export function compileSummarize(
  node: NodeClasses['SummarizeOperator'],
  input: Relation,
  scope: CompileScope,
): Relation {
  const columns = scope.columnsOf(node);
  const span = scope.spanOf(node);
  const byElements = node.ByClause ? scope.elementsOf(node.ByClause.Expressions) : [];
  const by = compileNamed(byElements, columns.slice(0, byElements.length), scope);
  const grouped = by.map(({ value }) => value);
  const made: NamedAggregate[] = [];
  const calculated: NamedScalar[] = [];
  let next = by.length;

  for (const element of scope.elementsOf(node.Aggregates)) {
    const expression = withoutName(element, scope);
    const missing = columns.slice(next);
    const found = plainAggregates(expression, input, grouped, missing, scope);
    if (found) {
      made.push(...found);
      next += found.length;
      continue;
    }
    const column = missing[0];
    if (!column || scope.kusto.is(element, 'CompoundNamedExpression'))
      throw ambiguousColumns(node, scope);
    const hidden = new HiddenAggregates(columns, made, scope);
    calculated.push({ name: column.name, value: hidden.compile(expression) });
    next += 1;
  }
  if (next !== columns.length) throw ambiguousColumns(node, scope);
  if (calculated.length === 0)
    return { kind: 'summarize', input, by, aggregates: made, columns, span };

  const all = [
    ...columns.slice(0, by.length),
    ...made.map(({ name, type }): ResultColumn => ({ name, type })),
  ];
  const values = columns.map(
    ({ name, type }): NamedScalar =>
      calculated.find((each) => each.name === name) ?? {
        name,
        value: { kind: 'column', name, type, span },
      },
  );
  return {
    kind: 'project',
    input: { kind: 'summarize', input, by, aggregates: made, columns: all, span },
    values,
    columns,
    span,
  };
}

/** The aggregates of a call that stands alone; undefined where it is a calculation. */
function plainAggregates(
  expression: SyntaxNode,
  input: Relation,
  grouped: readonly Scalar[],
  columns: readonly ResultColumn[],
  scope: CompileScope,
): NamedAggregate[] | undefined {
  if (!scope.kusto.is(expression, 'FunctionCallExpression')) return undefined;
  const several = compileRowAggregate(expression, input, grouped, columns, scope);
  if (several) return several;
  const one = compileAggregate(expression, columns[0]?.name ?? '', scope);
  return one && [one];
}

/** Puts the aggregates inside a calculation into columns that nobody sees. */
class HiddenAggregates {
  readonly #taken: ReadonlySet<string>;
  readonly #made: NamedAggregate[];
  readonly #scope: CompileScope;

  constructor(columns: readonly ResultColumn[], made: NamedAggregate[], scope: CompileScope) {
    this.#taken = new Set(columns.map(({ name }) => name));
    this.#made = made;
    this.#scope = scope;
  }

  compile(expression: SyntaxNode): Scalar {
    const scope = this.#scope;
    scope.aggregateCall = (call) => {
      const within = scope.aggregateCall;
      scope.aggregateCall = undefined; // the arguments of an aggregate are about rows again
      const aggregate = compileAggregate(call, this.#newName(), scope);
      scope.aggregateCall = within;
      if (!aggregate) return undefined;
      this.#made.push(aggregate);
      const { name, type, span } = aggregate;
      return { kind: 'column', name, type, span };
    };
    const value = compileScalar(expression, scope);
    scope.aggregateCall = undefined; // not in a finally: an error ends the whole compilation
    return value;
  }

  #newName(): string {
    let number = this.#made.length;
    while (this.#taken.has(`aggregate${number}`)) number += 1;
    return `aggregate${number}`;
  }
}

function ambiguousColumns(node: SyntaxNode, scope: CompileScope) {
  const message = `give each of these columns a name of its own: ${scope.textOf(node)}`;
  return scope.error('unsupported-expression', node, message);
}
