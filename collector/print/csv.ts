import type { QueryResult } from '../../parsers/kql/plan.ts';
import { cellText } from '../query/cell-json.ts';

/**
 * RFC 4180 with a header line and CRLF. Values are not changed: a cell that begins with `=` stays as it is, because a
 * changed file name or hash would be wrong evidence. `--help` warns of opening such a file in a spreadsheet.
 */
export function toCsv({ columns, rows }: QueryResult): string {
  const lines = [
    columns.map(({ name }) => name),
    ...rows.map((row) => columns.map(({ type }, index) => cellText(row[index] ?? null, type))),
  ];
  return lines.map(csvLine).join('');
}

export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
