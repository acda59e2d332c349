import { wrongArguments } from './compile-aggregate.ts';
import { compilePredicateNode, compileScalar } from './compile-scalar.ts';
import type { CompileScope } from './compile-scope.ts';
import type { NodeClasses, SyntaxNode } from './kusto-syntax.ts';
import { withoutName } from './named-scalars.ts';
import type { ResultColumn, Scalar } from './plan.ts';
import type { NamedAggregate, Relation } from './relation.ts';

type Call = NodeClasses['FunctionCallExpression'];

/** arg_max() and arg_min() show columns of the row that they find, take_any() of some row. */
const ROW_AGGREGATES: Readonly<Record<string, 'arg_max' | 'arg_min' | 'take_any'>> = {
  arg_max: 'arg_max',
  arg_min: 'arg_min',
  take_any: 'take_any',
  any: 'take_any',
  take_anyif: 'take_any',
  anyif: 'take_any',
};

/**
 * One aggregate a column that `call` makes; undefined where it is no call of these.
 *
 * `columns` are the columns that the result still lacks, this call's first: their names are Kusto's (Signer1 beside a
 * Signer). `*` stands for the columns of `input` that are neither the key nor one of `grouped`.
 */
export function compileRowAggregate(
  call: Call,
  input: Relation,
  grouped: readonly Scalar[],
  columns: readonly ResultColumn[],
  scope: CompileScope,
): NamedAggregate[] | undefined {
  const written = call.Name.SimpleName;
  const aggregate = Object.hasOwn(ROW_AGGREGATES, written) ? ROW_AGGREGATES[written] : undefined;
  if (!aggregate) return undefined;
  const [first, ...rest] = scope.elementsOf(call.ArgumentList.Expressions);
  if (!first) throw wrongArguments(call, scope);

  const span = scope.spanOf(call);
  const named = (shown: readonly Shown[], more: Pick<NamedAggregate, 'key' | 'condition'>) =>
    shown.map(({ arg, isStar }, index): NamedAggregate => {
      const column = columns[index];
      const isExpected = column?.type === arg.type && (!isStar || isNamedAfter(column, arg));
      if (!column || !isExpected) throw wrongArguments(call, scope);
      return { name: column.name, aggregate, arg, ...more, type: arg.type, span };
    });
  const shownOf = (nodes: readonly SyntaxNode[], without: readonly Scalar[]) =>
    nodes.flatMap((node): Shown[] => {
      if (scope.kusto.is(node, 'StarExpression')) return allColumns(input, without, span);
      return [{ arg: compileScalar(withoutName(node, scope), scope), isStar: false }];
    });

  if (aggregate !== 'take_any') {
    const key = compileScalar(first, scope);
    if (key.type === 'dynamic') throw wrongArguments(call, scope);
    return named([{ arg: key, isStar: false }, ...shownOf(rest, [...grouped, key])], { key });
  }
  if (!written.endsWith('if')) return named(shownOf([first, ...rest], grouped), {});
  const [condition, ...more] = rest;
  if (!condition || more.length > 0) throw wrongArguments(call, scope);
  return named(shownOf([first], grouped), { condition: compilePredicateNode(condition, scope) });
}

interface Shown {
  readonly arg: Scalar;
  /** One of the columns that `*` stands for. */
  readonly isStar: boolean;
}

function allColumns(
  input: Relation,
  without: readonly Scalar[],
  span: NamedAggregate['span'],
): Shown[] {
  const left = new Set(without.flatMap((each) => (each.kind === 'column' ? [each.name] : [])));
  return input.columns
    .filter(({ name }) => !left.has(name))
    .map(({ name, type }) => ({ arg: { kind: 'column', name, type, span }, isStar: true }));
}

/** Signer, Signer1, any_Signer: were it any other column, `*` would mean other columns than we think. */
function isNamedAfter({ name }: ResultColumn, arg: Scalar): boolean {
  return arg.kind === 'column' && name.includes(arg.name);
}
