import { equal } from '../../parsers/kql/null-semantics.ts';
import type { ResultColumn } from '../../parsers/kql/plan.ts';
import type { Relation } from '../../parsers/kql/relation.ts';
import type { Row } from './canonical-view.ts';

type Join = Extract<Relation, { kind: 'join' }>;

/**
 * A join as nested loops. `innerunique` keeps the first left row of each key here, any other elsewhere. Source: Kusto
 * documentation, "The join operator" and the page of each flavor.
 */
export function join(relation: Join, left: readonly Row[], right: readonly Row[]): Row[] {
  const matches = (one: Row, other: Row) =>
    relation.on.every((key) => equal(one[key.left] ?? null, other[key.right] ?? null) === true);
  const sameKey = (one: Row, other: Row) =>
    relation.on.every(({ left: key }) => equal(one[key] ?? null, other[key] ?? null) === true);
  const paired = (rows: readonly Row[]) =>
    rows.flatMap((one) =>
      right.filter((other) => matches(one, other)).map((other) => both(relation, one, other)),
    );
  const leftAlone = left.filter((one) => !right.some((other) => matches(one, other)));
  const rightAlone = right.filter((other) => !left.some((one) => matches(one, other)));
  const noLeft = nothing(relation.input.columns);
  const noRight = nothing(relation.right.columns);

  switch (relation.flavor) {
    case 'innerunique':
      return paired(left.filter((one, at) => left.findIndex((each) => sameKey(each, one)) === at));
    case 'inner':
      return paired(left);
    case 'leftouter':
      return [...paired(left), ...leftAlone.map((one) => both(relation, one, noRight))];
    case 'rightouter':
      return [...paired(left), ...rightAlone.map((other) => both(relation, noLeft, other))];
    case 'fullouter':
      return [
        ...paired(left),
        ...leftAlone.map((one) => both(relation, one, noRight)),
        ...rightAlone.map((other) => both(relation, noLeft, other)),
      ];
    case 'leftanti':
      return leftAlone;
    case 'rightanti':
      return rightAlone;
    case 'leftsemi':
      return left.filter((one) => right.some((other) => matches(one, other)));
    case 'rightsemi':
      return right.filter((other) => left.some((one) => matches(one, other)));
  }
}

/** The left row's columns, then the right row's under the names that the join gives them. */
function both({ input, right, columns }: Join, one: Row, other: Row): Row {
  const cells = [
    ...input.columns.map(({ name }) => one[name] ?? null),
    ...right.columns.map(({ name }) => other[name] ?? null),
  ];
  return Object.fromEntries(columns.map(({ name }, index) => [name, cells[index] ?? null]));
}

/** A side without a match: nulls, and empty strings, as a string has no null. */
function nothing(columns: readonly ResultColumn[]): Row {
  return Object.fromEntries(columns.map(({ name, type }) => [name, type === 'string' ? '' : null]));
}
