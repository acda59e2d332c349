import type { DatabaseSync } from 'node:sqlite';
import type { CellValue, Plan, QueryResult, ScalarType } from '../../../parsers/kql/plan.ts';
import { compileSql } from '../../query/compile-sql.ts';
import type { QueryLimits } from '../store.ts';
import type { QueryGuard } from './query-guard.ts';

/** Runs a plan on a connection that has the functions of kql-functions.ts. */
export function runQuery(
  db: DatabaseSync,
  plan: Plan,
  now: bigint,
  limits: QueryLimits,
  guard: QueryGuard,
): QueryResult {
  const { query, columns } = compileSql(plan, now);
  guard.start(limits);
  const statement = db.prepare(query.text, { readBigInts: true, returnArrays: true });
  const types = columns.map(({ type }) => type);
  const rows: CellValue[][] = [];
  for (const row of statement.iterate(...query.values) as Iterable<unknown>) {
    const stored = row as unknown[]; // returnArrays
    for (const [index, type] of types.entries()) {
      if (type === 'dynamic') guard.bytes(String(stored[index]).length);
    }
    const cells = types.map((type, index) => toCell(stored[index] ?? null, type));
    guard.row(cells);
    rows.push(cells);
  }
  return { columns, rows };
}

function toCell(value: unknown, type: ScalarType): CellValue {
  if (value === null) return type === 'string' ? '' : null;
  switch (type) {
    case 'string':
      return String(value);
    case 'bool':
      return Number(value) !== 0;
    case 'long':
    case 'datetime':
    case 'timespan':
      return BigInt(value as bigint);
    case 'real':
      return Number(value);
    case 'dynamic':
      return JSON.parse(String(value)) as CellValue;
  }
}
