import type { LiteralValue, Scalar } from '../../kql/plan.ts';

/** `value == literal`, `!=`, `=~`, `!~`, `in`, `!in` and their like, seen as one thing. */
export interface Equality {
  /** Equal for two tests of the same value. */
  readonly key: string;
  readonly value: Scalar;
  /** The value is any of these; with `negated` none of them. */
  readonly literals: readonly LiteralValue[];
  readonly negated: boolean;
  readonly caseSensitive: boolean;
}

/** Reads a condition that compares one value with literals; undefined for any other. */
export function readEquality(scalar: Scalar): Equality | undefined {
  switch (scalar.kind) {
    case 'compare': {
      const { operator, left, right } = scalar;
      if (operator !== '==' && operator !== '!=') return undefined;
      const [value, literal] = left.kind === 'literal' ? [right, left] : [left, right];
      return equality(value, [literal], operator === '!=', true);
    }
    case 'string-match':
      if (scalar.operator !== 'equals' || scalar.all) return undefined;
      return equality(scalar.value, scalar.needles, scalar.negated, scalar.caseSensitive);
    case 'in':
      return equality(scalar.value, scalar.list, scalar.negated, scalar.caseSensitive);
    default:
      return undefined;
  }
}

function equality(
  value: Scalar,
  list: readonly Scalar[],
  negated: boolean,
  caseSensitive: boolean,
): Equality | undefined {
  const literals = list.flatMap((each) => (each.kind === 'literal' ? [each.literal] : []));
  const isUsual = literals.every((each) => each.value !== null && each.type === value.type);
  if (value.kind === 'literal' || literals.length !== list.length || !isUsual) return undefined;
  return { key: scalarKey(value), value, literals, negated, caseSensitive };
}

/** A text that two scalars have in common when they say the same, wherever in the query they stand. */
export function scalarKey(scalar: Scalar): string {
  return JSON.stringify(scalar, (name, part) => (name === 'span' ? undefined : part));
}

/** The operands of `a or b or c` (or of `and`), brackets aside, in the order of the text. */
export function operandsOf(scalar: Scalar, kind: 'and' | 'or'): Scalar[] {
  return scalar.kind === kind
    ? [...operandsOf(scalar.left, kind), ...operandsOf(scalar.right, kind)]
    : [scalar];
}

/** What a value is called in a sentence: a column's name, `process.parent.name`; undefined for an expression. */
export function valueName(scalar: Scalar): string | undefined {
  if (scalar.kind === 'column') return scalar.name;
  if (scalar.kind !== 'call') return undefined;
  const [first, second] = scalar.args;
  const owner = first && valueName(first);
  if (owner === undefined || scalar.name === 'tostring') return owner;
  const isProperty = scalar.name === 'property' && second?.kind === 'literal';
  return isProperty ? `${owner}.${second.literal.value}` : undefined;
}
