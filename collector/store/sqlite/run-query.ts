import type { DatabaseSync } from 'node:sqlite';
import type { CellValue, Plan, QueryResult } from '../../../parsers/kql/plan.ts';
import { compileSql } from '../../query/compile-sql.ts';
import type { QueryLimits } from '../store.ts';
import { cellFromSql } from './kql-calls.ts';
import type { QueryGuard } from './query-guard.ts';
import type { SqlValue } from './sql-value.ts';

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
    const stored = row as SqlValue[]; // returnArrays
    for (const [index, type] of types.entries()) {
      if (type === 'dynamic') guard.bytes(String(stored[index]).length);
    }
    const cells = types.map((type, index) => cellFromSql(stored[index] ?? null, type));
    guard.row(cells);
    rows.push(cells);
  }
  return { columns, rows };
}
