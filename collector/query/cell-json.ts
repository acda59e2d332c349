import { dynamicText } from '../../parsers/kql/dynamic-json.ts';
import type { CellValue, ScalarType } from '../../parsers/kql/plan.ts';
import { formatTimespan } from '../../parsers/kql/timespan.ts';
import { formatDatetime } from '../../parsers/record/datetime.ts';

/**
 * A cell as JSON text: datetimes as ISO 8601 strings, timespans as Kusto writes them, longs as numbers with every digit
 * (more than JSON.parse of some readers keeps), dynamic values as they are, reals that JSON has no number for as the strings
 * "NaN", "Infinity" and "-Infinity", as Kusto writes them.
 */
export function cellJson(cell: CellValue, type: ScalarType): string {
  if (typeof cell === 'bigint') {
    if (type === 'datetime') return `"${formatDatetime(cell)}"`;
    if (type === 'timespan') return `"${formatTimespan(cell)}"`;
    return cell.toString();
  }
  if (typeof cell === 'number' && !Number.isFinite(cell)) return `"${cell}"`;
  return typeof cell === 'object' && cell !== null ? dynamicText(cell) : JSON.stringify(cell);
}

/** A cell as people and CSV files read it: strings bare, null as nothing. */
export function cellText(cell: CellValue, type: ScalarType): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  const json = cellJson(cell, type);
  return type !== 'dynamic' && json.startsWith('"') ? json.slice(1, -1) : json;
}
