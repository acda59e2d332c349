import { orderOf } from '../../parsers/kql/null-semantics.ts';
import type { CellValue } from '../../parsers/kql/plan.ts';
import type { NamedAggregate } from '../../parsers/kql/relation.ts';
import { formatDatetime } from '../../parsers/record/datetime.ts';

/** Kusto's default cap of make_set. */
const MAX_SET_SIZE = 1_048_576;

/**
 * One aggregate over the values of one group. Nulls are skipped by all but count(). Of no values min and max are null,
 * or '' for strings, which have no null.
 */
export function aggregate(spec: NamedAggregate, values: readonly CellValue[]): CellValue {
  const present = values.filter((value) => value !== null);
  switch (spec.aggregate) {
    case 'count':
      return BigInt(values.length);
    case 'dcount':
      return BigInt(new Set(present).size);
    case 'make_set': {
      const distinct = [...new Set(present)].slice(0, spec.maxSize ?? MAX_SET_SIZE);
      return distinct.map((value) => toJson(value, spec));
    }
    case 'min':
    case 'max': {
      const sign = spec.aggregate === 'min' ? 1 : -1;
      const [first, ...rest] = present;
      if (first === undefined) return spec.type === 'string' ? '' : null;
      return rest.reduce((best, value) => (orderOf(value, best) * sign < 0 ? value : best), first);
    }
  }
}

/** An element of a set is JSON: a long is a number, a datetime its ISO text. */
function toJson(value: CellValue, { arg }: NamedAggregate): unknown {
  if (typeof value !== 'bigint') return value;
  return arg?.type === 'datetime' ? formatDatetime(value) : Number(value);
}
