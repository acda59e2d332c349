import { describe, expect, test } from 'vitest';
import { toCsv } from '../../../collector/print/csv.ts';
import { toJson } from '../../../collector/print/json.ts';
import { toTable } from '../../../collector/print/table.ts';
import type { QueryResult } from '../../../parsers/kql/plan.ts';
import { formatTimespan } from '../../../parsers/kql/timespan.ts';

const result: QueryResult = {
  columns: [
    { name: 'Name', type: 'string' },
    { name: 'Seen', type: 'datetime' },
    { name: 'Size', type: 'long' },
    { name: 'Trusted', type: 'bool' },
    { name: 'Set', type: 'dynamic' },
    { name: 'Age', type: 'timespan' },
  ],
  rows: [
    ['=cmd "x",\n', 639_184_608_000_000_001n, 2n ** 62n, true, [1, { a: 'b' }], 36_000_000_000n],
    ['\u001b[2J\u202e', null, null, null, null, null],
  ],
};

test('json has every digit, ISO dates, dynamic values as JSON and keys in column order', () => {
  expect(toJson(result)).toBe(
    '[\n{"Name":"=cmd \\"x\\",\\n","Seen":"2026-07-01T00:00:00.0000001Z","Size":4611686018427387904,' +
      '"Trusted":true,"Set":[1,{"a":"b"}],"Age":"01:00:00"},\n' +
      '{"Name":"\\u001b[2J\u202e","Seen":null,"Size":null,"Trusted":null,"Set":null,"Age":null}\n]\n',
  );
  expect(toJson({ ...result, rows: [] })).toBe('[]\n');
});

test('csv quotes as RFC 4180 says and changes no value', () => {
  expect(toCsv(result)).toBe(
    'Name,Seen,Size,Trusted,Set,Age\r\n' +
      '"=cmd ""x"",\n",2026-07-01T00:00:00.0000001Z,4611686018427387904,true,"[1,{""a"":""b""}]",01:00:00\r\n' +
      '\u001b[2J\u202e,,,,,\r\n',
  );
});

describe('the table', () => {
  const names: QueryResult = {
    columns: [
      { name: 'Name', type: 'string' },
      { name: 'N', type: 'long' },
    ],
    rows: [
      ['a\u001b]0;x\u0007', 1n],
      ['bc', 22n],
    ],
  };

  test('shows the beginning of a long list, how much is left out, and where all of it is', () => {
    const lists: QueryResult = {
      columns: [{ name: 'Report', type: 'dynamic' }],
      rows: [[Array.from({ length: 20 }, () => 7n)], [Array.from({ length: 23 }, () => 7n)]],
    };
    const twenty = Array.from({ length: 20 }, () => '7').join(',');
    expect(toTable(lists, 80)).toBe(
      [
        'Report',
        '-'.repeat(53),
        `[${twenty}]`,
        `[${twenty}, ... 3 more]`,
        '',
        'Lists are shown to their 20th value: --format json and csv have all.',
        '',
      ].join('\n'),
    );
  });

  test('is a table where it fits, with escapes for what could move the cursor', () => {
    expect(toTable(names, 80)).toBe(
      [
        'Name              N',
        '----------------  --',
        'a\\u{1b}]0;x\\u{7}  1',
        'bc                22',
        '',
      ].join('\n'),
    );
  });

  test('is one line a column where it does not fit', () => {
    expect(toTable(names, 10)).toBe('Name  a\\u{1b}]0;x\\u{7}\nN     1\n\nName  bc\nN     22\n');
  });

  test('says so where there are no rows', () => {
    expect(toTable({ ...names, rows: [] }, 80)).toBe('The answer has no rows.\n');
  });
});

test.each([
  { name: 'nothing', ticks: 0n, text: '00:00:00' },
  { name: 'less than a second', ticks: 1n, text: '00:00:00.0000001' },
  { name: 'days', ticks: 900_610_000_000n, text: '1.01:01:01' },
  { name: 'a negative one', ticks: -864_000_000_000n, text: '-1.00:00:00' },
])('a timespan of $name is $text', ({ ticks, text }) => {
  expect(formatTimespan(ticks)).toBe(text);
});
