import type { JsonValue } from '../../parsers/record/columns.ts';
import { printable } from '../../parsers/record/printable.ts';

/**
 * What a spreadsheet takes for the beginning of a formula, also in its full-width form. A semicolon counts as the end of a
 * cell: where the decimal sign is a comma, spreadsheets cut lines there, quotes or not.
 * Source: OWASP, "CSV Injection".
 */
const FORMULA = /(^|;)(["'\s]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/gu;
const NEEDS_QUOTES = /[",;]/;

/**
 * One cell, RFC 4180. Whoever named a file or a certificate wrote this text, so it is made harmless: `'` before what would
 * be a formula, and `\n` or `\u{202e}` for what nobody can see, so that a record is always one line. Numbers, booleans and
 * absent values (an empty cell) are ours and stay as they are.
 */
export function csvCell(value: JsonValue): string {
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const harmless = printable(text).replace(FORMULA, "$1$2'");
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** One line with the line end of RFC 4180. */
export function csvLine(values: readonly JsonValue[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}
