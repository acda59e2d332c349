import type { Scalar, StringMatchOperator } from '../../kql/plan.ts';
import type { Relation } from '../../kql/relation.ts';
import { inputsOf } from '../../kql/relation.ts';
import { stringMatcher } from '../../kql/string-match.ts';

/** A condition on a column of texts against one constant text: `Signer has 'x'`, one for each text of `has_any`. */
export interface TextTest {
  readonly column: string;
  readonly operator: StringMatchOperator;
  readonly text: string;
  readonly caseSensitive: boolean;
  /** Characters from the start of the query to the text. */
  readonly start: number;
}

/** As it is written in KQL. */
export function operatorName({ operator, caseSensitive }: TextTest): string {
  if (operator === 'equals') return caseSensitive ? '==' : '=~';
  return caseSensitive ? `${operator}_cs` : operator;
}

export function matcherOf({ operator, text, caseSensitive }: TextTest): (value: string) => boolean {
  return stringMatcher(operator, text, caseSensitive);
}

/** Every such test in the `where` steps of a query, in the order of the text. */
export function textTests(root: Relation): TextTest[] {
  return predicatesOf(root)
    .flatMap(testsIn)
    .sort((one, other) => one.start - other.start);
}

/** The conditions of all `where` steps. A plan has at most MAX_PLAN_NODES parts. */
export function predicatesOf(root: Relation): Scalar[] {
  const inner = inputsOf(root).flatMap(predicatesOf);
  return root.kind === 'where' ? [...inner, root.predicate] : inner;
}

function testsIn(scalar: Scalar): TextTest[] {
  switch (scalar.kind) {
    case 'and':
    case 'or':
      return [...testsIn(scalar.left), ...testsIn(scalar.right)];
    case 'not':
      return testsIn(scalar.operand);
    case 'string-match': {
      const { operator, caseSensitive } = scalar;
      return testsOf(scalar.value, scalar.needles, operator, caseSensitive);
    }
    case 'in':
      return testsOf(scalar.value, scalar.list, 'equals', scalar.caseSensitive);
    case 'compare': {
      if (scalar.operator !== '==' && scalar.operator !== '!=') return [];
      const { left, right } = scalar;
      const [value, literal] = left.kind === 'literal' ? [right, left] : [left, right];
      return testsOf(value, [literal], 'equals', true);
    }
    default:
      return [];
  }
}

function testsOf(
  value: Scalar,
  texts: readonly Scalar[],
  operator: StringMatchOperator,
  caseSensitive: boolean,
): TextTest[] {
  if (value.kind !== 'column') return [];
  const { name: column } = value;
  return texts.flatMap((each) =>
    each.kind === 'literal' && each.literal.type === 'string'
      ? [{ column, operator, text: each.literal.value, caseSensitive, start: each.span.start }]
      : [],
  );
}
