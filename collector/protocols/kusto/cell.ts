import { dynamicText } from '../../../parsers/kql/dynamic-json.ts';
import type { CellValue, ScalarType } from '../../../parsers/kql/plan.ts';
import { cellJson } from '../../query/cell-json.ts';

/**
 * A cell as JSON text as Kusto and Log Analytics send it: arrays and objects as the text of their JSON in a string, which
 * the SDKs parse; other dynamic values bare. Source: Kusto documentation, "Query V2 HTTP response"; the SDKs' own test data.
 */
export function kustoCell(cell: CellValue, type: ScalarType): string {
  if (type !== 'dynamic') return cellJson(cell, type);
  const json = dynamicText(cell);
  return typeof cell === 'object' && cell !== null ? JSON.stringify(json) : json;
}

/** As kustoCell(), but a bool is 0 or 1: version 1 of the API carries .NET's SByte. */
export function kustoCellV1(cell: CellValue, type: ScalarType): string {
  return typeof cell === 'boolean' && type === 'bool'
    ? String(Number(cell))
    : kustoCell(cell, type);
}

/** What version 1 calls a column's type beside its KQL name. */
export const DOTNET_TYPES: Readonly<Record<ScalarType, string>> = {
  string: 'String',
  bool: 'SByte',
  datetime: 'DateTime',
  timespan: 'TimeSpan',
  long: 'Int64',
  real: 'Double',
  dynamic: 'Object',
};

/** Rows as the text of a JSON array, one row a line. */
export function rowsJson(
  rows: readonly (readonly CellValue[])[],
  types: readonly ScalarType[],
  cellText: (cell: CellValue, type: ScalarType) => string,
): string {
  const lines = rows.map(
    (row) => `[${types.map((type, index) => cellText(row[index] ?? null, type)).join(',')}]`,
  );
  return `[${lines.join(',\n')}]`;
}
