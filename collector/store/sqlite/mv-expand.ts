import type { DatabaseSync } from 'node:sqlite';
import { dynamicText, parseDynamic } from '../../../parsers/kql/dynamic-json.ts';
import { castElement, elementsOfDynamic } from '../../../parsers/kql/expand-dynamic.ts';
import type { ScalarType } from '../../../parsers/kql/plan.ts';
import { cellFromSql } from './kql-calls.ts';
import type { QueryGuard } from './query-guard.ts';
import { type SqlValue, sqlFromTyped } from './sql-value.ts';

const OPTIONS = { deterministic: true, directOnly: true, useBigIntArguments: true };

/**
 * Registers what `mv-expand` compiles to: `kql_expand(pairs, limit, values...)` is a JSON array of rows, each an array of
 * the values' elements side by side, null where one has fewer; `kql_element(row, place, type)` is one of them.
 */
export function registerMvExpand(db: DatabaseSync, guard: QueryGuard): void {
  const expand = (pairs: SqlValue, limit: SqlValue, ...values: readonly SqlValue[]): string => {
    guard.tick();
    const columns = values.map((value) =>
      elementsOfDynamic(cellFromSql(value, 'dynamic'), pairs === 1n),
    );
    const length = columns.reduce((longest, { length }) => Math.max(longest, length), 0);
    const rows = Array.from({ length: Math.min(length, Number(limit)) }, (_, index) =>
      columns.map((elements) => elements[index] ?? null),
    );
    return dynamicText(rows);
  };
  db.function('kql_expand', { ...OPTIONS, varargs: true }, expand);
  db.function('kql_element', OPTIONS, (row: SqlValue, place: SqlValue, type: SqlValue) => {
    guard.tick();
    const cells = parseDynamic(String(row)) as readonly unknown[];
    const wanted = String(type) as ScalarType;
    return sqlFromTyped(castElement(cells[Number(place)], wanted), wanted);
  });
}
