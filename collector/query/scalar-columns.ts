import type { Scalar } from '../../parsers/kql/plan.ts';

/** The columns that a scalar reads. A scalar that reads none is a constant of the query. */
export function columnsOf(scalar: Scalar): ReadonlySet<string> {
  const names = new Set<string>();
  collect(scalar, names);
  return names;
}

/** The terms of a predicate that must all hold: `a and (b and c)` has three. */
export function conjuncts(predicate: Scalar): Scalar[] {
  return predicate.kind === 'and'
    ? [...conjuncts(predicate.left), ...conjuncts(predicate.right)]
    : [predicate];
}

/** What a scalar is made of, whatever its kind. */
export function operandsOf(scalar: Scalar): readonly Scalar[] {
  switch (scalar.kind) {
    case 'literal':
    case 'column':
      return [];
    case 'and':
    case 'or':
    case 'compare':
    case 'arithmetic':
      return [scalar.left, scalar.right];
    case 'not':
    case 'negate':
      return [scalar.operand];
    case 'between':
      return [scalar.value, scalar.low, scalar.high];
    case 'string-match':
      return [scalar.value, ...scalar.needles];
    case 'in':
      return [scalar.value, ...scalar.list];
    case 'call':
      return scalar.args;
    default:
      return unreachable(scalar);
  }
}

export function unreachable(value: never): never {
  throw new Error(`a kind that no code handles: ${JSON.stringify(value)}`);
}

function collect(scalar: Scalar, names: Set<string>): void {
  if (scalar.kind === 'column') names.add(scalar.name);
  for (const operand of operandsOf(scalar)) collect(operand, names);
}
