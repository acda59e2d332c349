import { printable } from '../../../parsers/record/printable.ts';

/** One column of a table: `n` for numbers, which stand to the right. */
export interface PrintColumn {
  readonly name: string;
  readonly kind: 'text' | 'n';
}

const GAP = '  ';

/** Rows in columns, at most `width` wide: the first column gives way, and says by … where it is cut. */
export function toColumns(
  columns: readonly PrintColumn[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const cells = rows.map((row) => row.map(printable));
  const lines = [columns.map(({ name }) => name), ...cells];
  const widths = columns.map((_, index) =>
    lines.reduce((most, line) => Math.max(most, [...(line[index] ?? '')].length), 0),
  );
  const others = widths.slice(1).reduce((sum, each) => sum + each + GAP.length, 0);
  widths[0] = Math.max(8, Math.min(widths[0] ?? 0, width - others));
  return lines.map((line) =>
    columns
      .map(({ kind }, index) => {
        const text = cut(
          line[index] ?? '',
          index === 0 ? (widths[0] ?? 0) : Number.POSITIVE_INFINITY,
        );
        const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - [...text].length));
        return kind === 'n' ? `${space}${text}` : `${text}${space}`;
      })
      .join(GAP)
      .trimEnd(),
  );
}

function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}

/** Words in lines of `width` at most; a longer word stays whole. */
export function wrapped(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const prefix = lines.length === 0 ? '' : indent;
    if (line !== '' && `${line} ${word}`.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === '' ? `${prefix}${word}` : `${line} ${word}`;
  }
  return [...lines, line];
}
