import { hash } from 'node:crypto';
import { dynamicText } from '../../../parsers/kql/dynamic-json.ts';
import type { CellValue, ScalarType } from '../../../parsers/kql/plan.ts';
import type { ColumnType } from '../../../parsers/record/columns.ts';

export type SqlValue = string | number | bigint | Uint8Array | null;

/** A checked value of a row as SQLite keeps it; a datetime is in ticks already. A null string becomes '': Kusto has no null string. */
export function toSqlValue(value: unknown, type: ColumnType): SqlValue {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : '';
    case 'bool':
      return typeof value === 'boolean' ? Number(value) : null;
    case 'long':
      return typeof value === 'number' ? value : null;
    case 'datetime':
      return typeof value === 'bigint' ? value : null;
    case 'dynamic':
      return value === null ? null : JSON.stringify(value);
  }
}

/** `values` as one text: equal texts are equal rows. The types of a table's columns are fixed, so '5' is never 5. */
export function contentText(values: readonly SqlValue[]): string {
  return JSON.stringify(
    values.map((value) => (typeof value === 'bigint' ? value.toString() : value)),
  );
}

/** The 16-byte key of a content. Two contents with one key would take 2^64 hashes to find. */
export function contentKey(text: string): Uint8Array {
  return hash('sha256', text, 'buffer').subarray(0, 16);
}

/** A cell of a query as SQLite takes it: the reverse of run-query.ts. */
export function sqlFromCell(cell: CellValue): SqlValue {
  if (typeof cell === 'boolean') return cell ? 1n : 0n;
  return typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : cell;
}

/** The same for a value of a known type: a dynamic one is JSON text whatever it holds. */
export function sqlFromTyped(cell: CellValue, type: ScalarType): SqlValue {
  if (type !== 'dynamic') return sqlFromCell(cell);
  return cell === null ? null : dynamicText(cell);
}
