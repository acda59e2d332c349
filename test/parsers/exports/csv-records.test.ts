import { describe, expect, test } from 'vitest';
import {
  CsvRecords,
  MAX_RECORD,
  UnterminatedQuoteError,
} from '../../../parsers/exports/csv-records.ts';

describe('the cells of', () => {
  test.each([
    { name: 'a plain line', text: 'a,b\n', cells: [['a', 'b']] },
    { name: 'a last line without an end', text: 'a,b', cells: [['a', 'b']] },
    {
      name: 'empty cells',
      text: ',\n"",\r\n',
      cells: [
        ['', ''],
        ['', ''],
      ],
    },
    {
      name: 'quoted delimiters, quotes and line ends',
      text: '"a,""b""\r\nc",d\r\n',
      cells: [['a,"b"\r\nc', 'd']],
    },
    {
      name: 'a quote within an unquoted cell',
      text: '7" disk,b\nc,d\n',
      cells: [
        ['7" disk', 'b'],
        ['c', 'd'],
      ],
    },
    {
      name: 'a quote at the end of an unquoted cell',
      text: 'a",b"\r\nc,d\n',
      cells: [
        ['a"', 'b"'],
        ['c', 'd'],
      ],
    },
    { name: 'blank lines', text: '\n  \r\na,b\n\n', cells: [['a', 'b']] },
    { name: 'a cell of an escaped quote', text: '"""",b\n', cells: [['"', 'b']] },
  ])('$name are read in steps of any size', ({ text, cells }) => {
    for (const step of [1, 2, 3, 100]) {
      const found = read(text, step);
      expect(found.map((record) => record.kind === 'record' && record.cells)).toEqual(cells);
    }
  });

  test('a line after bad quotes are read, and the lines that these took are said', () => {
    for (const step of [1, 5, 100]) {
      expect(read('"a\nb"c,"d\ne,f\n', step)).toEqual([
        { kind: 'bad-quotes', line: 1, lastLine: 2 },
        { kind: 'record', line: 3, cells: ['e', 'f'] },
      ]);
    }
  });
});

test.each([
  { name: 'a quote that is never closed', text: 'a,b\n"c,d\n' },
  { name: 'a line that is too long', text: `a,b\n${'x'.repeat(MAX_RECORD + 1)}\n` },
  { name: 'a quoted cell that is too long', text: `a,b\n"${'x\n'.repeat(MAX_RECORD / 2)}"\n` },
])('$name ends the reading, after what was before', ({ text }) => {
  for (const step of [64_000, 4 * MAX_RECORD]) {
    const records = new CsvRecords(',');
    const found: unknown[] = [];
    const reading = () => {
      for (let at = 0; at < text.length; at += step)
        for (const record of records.read(text.slice(at, at + step), false)) found.push(record);
      for (const record of records.read('', true)) found.push(record);
    };
    expect(reading).toThrow(UnterminatedQuoteError);
    expect(found).toEqual([{ kind: 'record', line: 1, cells: ['a', 'b'] }]);
  }
});

function read(text: string, step: number) {
  const records = new CsvRecords(',');
  const parts = text.match(new RegExp(`[^]{1,${step}}`, 'g')) ?? [];
  return [...parts.flatMap((part) => [...records.read(part, false)]), ...records.read('', true)];
}
