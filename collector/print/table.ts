import type { CellValue, QueryResult, ScalarType } from '../../parsers/kql/plan.ts';
import { printable } from '../../parsers/record/printable.ts';
import { cellText } from '../query/cell-json.ts';

const GAP = '  ';
/** Of a longer list this many values are shown, and how many there are: nobody reads a thousand ReportIds. */
const LIST_LENGTH = 20;

/**
 * The answer for a terminal: a table where it fits into `width`, else one block a row with a line a column, because a
 * table that wraps or cuts texts cannot be read or copied. Long lists say how much they leave out. Control characters in
 * values are escaped.
 */
export function toTable({ columns, rows }: QueryResult, width: number): string {
  if (rows.length === 0) return 'The answer has no rows.\n';
  const names = columns.map(({ name }) => printable(name));
  const cells = rows.map((row) =>
    columns.map(({ type }, index) => printable(shownText(row[index] ?? null, type))),
  );
  const widths = names.map((name, index) =>
    cells.reduce((widest, row) => Math.max(widest, lengthOf(row[index])), lengthOf(name)),
  );
  const total = widths.reduce((sum, each) => sum + each, 0) + GAP.length * (widths.length - 1);
  const table =
    total <= width
      ? horizontal([names, widths.map((each) => '-'.repeat(each)), ...cells], widths)
      : vertical(names, cells);
  return rows.some((row) => row.some(isLongList)) ? `${table}\n${ALL_OF_LISTS}\n` : table;
}

const ALL_OF_LISTS = `Lists are shown to their ${LIST_LENGTH}th value: --format json and csv have all.`;

function isLongList(value: CellValue): value is readonly unknown[] {
  return Array.isArray(value) && value.length > LIST_LENGTH;
}

function shownText(value: CellValue, type: ScalarType): string {
  if (!isLongList(value)) return cellText(value, type);
  const shown = cellText(value.slice(0, LIST_LENGTH), type);
  return `${shown.slice(0, -1)}, ... ${value.length - LIST_LENGTH} more]`;
}

function horizontal(lines: readonly (readonly string[])[], widths: readonly number[]): string {
  return lines
    .map((line) => {
      const padded = line.map((cell, index) => pad(cell, widths[index] ?? 0));
      return `${padded.join(GAP).trimEnd()}\n`;
    })
    .join('');
}

function vertical(names: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = names.reduce((widest, name) => Math.max(widest, lengthOf(name)), 0);
  return rows
    .map((row) =>
      row
        .map((cell, index) => `${pad(names[index] ?? '', width)}${GAP}${cell}`.trimEnd())
        .join('\n'),
    )
    .join('\n\n')
    .concat('\n');
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - lengthOf(text)));
}

/** Characters, which are columns for most scripts: what is wide in a terminal only misaligns its own line. */
function lengthOf(text: string | undefined): number {
  return [...(text ?? '')].length;
}
