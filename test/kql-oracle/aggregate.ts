import { evaluateScalar } from '../../parsers/kql/evaluate-scalar.ts';
import { orderOf } from '../../parsers/kql/null-semantics.ts';
import type { CellValue, Scalar } from '../../parsers/kql/plan.ts';
import type { NamedAggregate } from '../../parsers/kql/relation.ts';
import { formatDatetime } from '../../parsers/record/datetime.ts';
import type { Row } from './canonical-view.ts';

/** Kusto's default cap of make_set and make_list. */
const MAX_MEMBERS = 1_048_576;

/**
 * One aggregate over the rows of one group. Nulls are skipped by all but count(). Of no values count, dcount and sum are
 * 0, make_set and make_list are empty, and all others are null, or '' for strings, which have no null.
 * Source: Kusto documentation, "summarize operator", Default values of aggregations.
 */
export function aggregate(spec: NamedAggregate, rows: readonly Row[], now: bigint): CellValue {
  const of = (scalar: Scalar | undefined, row: Row) =>
    scalar ? evaluateScalar(scalar, (column) => row[column] ?? null, now) : null;
  const { condition, key } = spec;
  const counted = condition ? rows.filter((row) => of(condition, row) === true) : rows;
  const nothing = spec.type === 'string' ? '' : null;
  const values = counted.map((row) => of(spec.arg, row));
  const present = values.filter((value) => value !== null);
  switch (spec.aggregate) {
    case 'count':
      return BigInt(counted.length);
    case 'dcount':
      return BigInt(new Set(present).size);
    case 'sum':
      return spec.type === 'real' ? realSum(present) : BigInt.asIntN(64, wholeSum(present));
    case 'avg': {
      if (present.length === 0) return null;
      if (spec.type === 'timespan') return wholeSum(present) / BigInt(present.length);
      const isWhole = spec.arg?.type === 'long';
      const total = isWhole ? Number(wholeSum(present)) : realSum(present);
      return total === null ? null : numberOrNull(total / present.length);
    }
    case 'make_set': {
      const distinct = [...new Set(present)].slice(0, spec.maxSize ?? MAX_MEMBERS);
      return distinct.map((value) => toJson(value, spec));
    }
    case 'make_list':
      return present.slice(0, spec.maxSize ?? MAX_MEMBERS).map((value) => toJson(value, spec));
    case 'take_any':
      return present.find((value) => value !== '') ?? nothing;
    case 'min':
      return best(present, present, 1) ?? nothing;
    case 'max':
      return best(present, present, -1) ?? nothing;
    case 'arg_max':
    case 'arg_min': {
      const keyed = counted.filter((row) => of(key, row) !== null);
      const candidates = keyed.length > 0 ? keyed : counted.slice(0, 1);
      const found = best(
        candidates,
        candidates.map((row) => of(key, row)),
        spec.aggregate === 'arg_min' ? 1 : -1,
      );
      return (found && of(spec.arg, found)) ?? nothing;
    }
  }
}

/** The item with the smallest key (`sign` 1) or the largest (-1); of equals the first. */
function best<Item>(
  items: readonly Item[],
  keys: readonly CellValue[],
  sign: 1 | -1,
): Item | undefined {
  let found = 0;
  for (let index = 1; index < items.length; index += 1) {
    if (orderOf(keys[index] ?? null, keys[found] ?? null) * sign < 0) found = index;
  }
  return items[found];
}

function wholeSum(values: readonly CellValue[]): bigint {
  return values.reduce((sum: bigint, value) => sum + (typeof value === 'bigint' ? value : 0n), 0n);
}

function realSum(values: readonly CellValue[]): number | null {
  return numberOrNull(values.reduce((sum: number, value) => sum + Number(value), 0));
}

/** NaN is null here: SQLite has none. */
function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** An element of a set or list is JSON: a long is a number, a datetime its ISO text. */
function toJson(value: CellValue, { arg }: NamedAggregate): unknown {
  if (typeof value !== 'bigint') return value;
  if (arg?.type === 'datetime') return formatDatetime(value);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
