import type { DatabaseSync } from 'node:sqlite';
import { finite } from '../../../parsers/kql/functions/number-functions.ts';
import { orderOf } from '../../../parsers/kql/null-semantics.ts';
import type { QueryGuard } from './query-guard.ts';
import { registerAggregate } from './register-aggregate.ts';
import type { SqlValue } from './sql-value.ts';

interface Total {
  /** Longs and timespans without a limit: only the answer has 64 bits. */
  wholes: bigint;
  reals: number;
  count: number;
  type: string;
}

const addTo = (total: Total, value: SqlValue, type: SqlValue): Total => {
  total.type = String(type);
  if (typeof value === 'bigint') total.wholes += value;
  else if (typeof value === 'number') total.reals += value;
  else return total;
  total.count += 1;
  return total;
};
const noTotal = (): Total => ({ wholes: 0n, reals: 0, count: 0, type: '' });

/**
 * `kql_sum(value, type)`: 0 of nothing; longs and timespans wrap at 64 bits, where SQLite's own SUM is an error.
 * `kql_avg(value, type)`: null of nothing; of timespans the rest of a tick is dropped.
 * `kql_take_any(value)`: the first value that is neither null nor '', as Kusto tries to.
 * `kql_arg_max(key, value)`, `kql_arg_min(key, value)`: the value of the row with the largest or smallest key, the first
 * such row; a row without a key only where all lack one. SQLite gives all calls of one SELECT the rows in one order, so
 * that the columns of one arg_max() come from one row.
 */
export function registerValueAggregates(db: DatabaseSync, guard: QueryGuard): void {
  registerAggregate(db, 'kql_sum', guard, {
    start: noTotal,
    step: addTo,
    result: ({ wholes, reals, type }) =>
      type === 'real' ? finite(reals + Number(wholes)) : BigInt.asIntN(64, wholes),
  });
  registerAggregate(db, 'kql_avg', guard, {
    start: noTotal,
    step: addTo,
    result: ({ wholes, reals, count, type }) => {
      if (count === 0) return null;
      if (type === 'timespan') return wholes / BigInt(count);
      return finite((reals + Number(wholes)) / count);
    },
  });
  registerAggregate(db, 'kql_take_any', guard, {
    start: (): { value: SqlValue } => ({ value: null }),
    step: (found, value: SqlValue) => {
      if (found.value === null || found.value === '') found.value = value;
      return found;
    },
    result: ({ value }) => value,
  });
  for (const [name, sign] of [['kql_arg_max', -1] as const, ['kql_arg_min', 1] as const])
    registerAggregate(db, name, guard, {
      start: (): Found => ({ isFound: false, key: null, value: null }),
      step: (found, key: SqlValue, value: SqlValue) =>
        isBetter(found, key, sign) ? { isFound: true, key, value } : found,
      result: ({ value }) => value,
    });
}

interface Found {
  isFound: boolean;
  key: SqlValue;
  value: SqlValue;
}

function isBetter({ isFound, key: best }: Found, key: SqlValue, sign: 1 | -1): boolean {
  if (!isFound) return true;
  if (key === null || key instanceof Uint8Array) return false;
  if (best === null || best instanceof Uint8Array) return true;
  return orderOf(key, best) * sign < 0;
}
