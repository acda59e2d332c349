import { expect, test } from 'vitest';
import { kustoCell, kustoCellV1 } from '../../../collector/protocols/kusto/cell.ts';
import { cellJson, cellText } from '../../../collector/query/cell-json.ts';
import type { CellValue, ScalarType } from '../../../parsers/kql/plan.ts';

const cases: [CellValue, ScalarType, own: string, v2: string, v1: string, text: string][] = [
  [
    9_223_372_036_854_775_807n,
    'long',
    '9223372036854775807',
    '9223372036854775807',
    '9223372036854775807',
    '9223372036854775807',
  ],
  [
    1n,
    'datetime',
    '"0001-01-01T00:00:00.0000001Z"',
    '"0001-01-01T00:00:00.0000001Z"',
    '"0001-01-01T00:00:00.0000001Z"',
    '0001-01-01T00:00:00.0000001Z',
  ],
  [
    -864_000_000_001n,
    'timespan',
    '"-1.00:00:00.0000001"',
    '"-1.00:00:00.0000001"',
    '"-1.00:00:00.0000001"',
    '-1.00:00:00.0000001',
  ],
  [true, 'bool', 'true', 'true', '1', 'true'],
  [false, 'bool', 'false', 'false', '0', 'false'],
  [null, 'bool', 'null', 'null', 'null', ''],
  [0.1, 'real', '0.1', '0.1', '0.1', '0.1'],
  [Number.NaN, 'real', '"NaN"', '"NaN"', '"NaN"', 'NaN'],
  [Number.NEGATIVE_INFINITY, 'real', '"-Infinity"', '"-Infinity"', '"-Infinity"', '-Infinity'],
  ['a"\n', 'string', '"a\\"\\n"', '"a\\"\\n"', '"a\\"\\n"', 'a"\n'],
  [[1, 'x'], 'dynamic', '[1,"x"]', '"[1,\\"x\\"]"', '"[1,\\"x\\"]"', '[1,"x"]'],
  [
    { a: { b: 2n } },
    'dynamic',
    '{"a":{"b":2}}',
    '"{\\"a\\":{\\"b\\":2}}"',
    '"{\\"a\\":{\\"b\\":2}}"',
    '{"a":{"b":2}}',
  ],
  [true, 'dynamic', 'true', 'true', 'true', 'true'],
  ['text', 'dynamic', '"text"', '"text"', '"text"', 'text'],
  [null, 'dynamic', 'null', 'null', 'null', ''],
];

test.each(cases)('%s as %s', (cell, type, own, v2, v1, text) => {
  expect([
    cellJson(cell, type),
    kustoCell(cell, type),
    kustoCellV1(cell, type),
    cellText(cell, type),
  ]).toEqual([own, v2, v1, text]);
});
