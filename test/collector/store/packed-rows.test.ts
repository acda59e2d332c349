import { expect, test } from 'vitest';
import { buffersOf, RowPacker, unpackRows } from '../../../collector/store/packed-rows.ts';
import type { ColumnType } from '../../../parsers/record/columns.ts';

const types: readonly ColumnType[] = ['string', 'bool', 'long', 'datetime', 'dynamic'];

const batches: readonly { name: string; rows: readonly (readonly unknown[])[] }[] = [
  { name: 'no rows', rows: [] },
  { name: 'one of each', rows: [['x', true, 1, 2n, { a: [1, null] }]] },
  { name: 'nothing but nulls', rows: [types.map(() => null), types.map(() => null)] },
  {
    name: 'the ends of each type',
    rows: [
      ['', false, Number.MIN_SAFE_INTEGER, 0n, []],
      ['\0', true, Number.MAX_SAFE_INTEGER, 3_155_378_975_999_999_999n, ''],
      ['\u{1d4b3}é', true, -1, -1n, 0],
    ],
  },
  {
    name: 'values that come back after a null or another',
    rows: [
      ['a', true, 1, 1n, [1]],
      [null, null, null, null, null],
      ['a', true, 1, 1n, [1]],
      ['b', false, 2, 2n, [2]],
      ['a', true, 1, 1n, [1]],
    ],
  },
  {
    name: 'values as in the row before, between others',
    rows: [
      ['a', true, -2, 1n, []],
      ['a', true, -2, 1n, []],
      ['longer than that', true, -2, 5n, []],
      ['a', false, -1, 5n, [[]]],
    ],
  },
];

test.each(batches)('$name cross to another thread unchanged', ({ rows }) => {
  const packer = new RowPacker(types);
  for (const row of rows) packer.add(row);
  const packed = packer.finish();
  expect(packed.count).toBe(rows.length);
  const received = structuredClone(packed, { transfer: buffersOf(packed) });
  expect(unpackRows(received, types)).toEqual(rows);
});

test('a value as in the row before takes no room, and is the same value on the other side', () => {
  const packer = new RowPacker(types);
  for (let row = 0; row < 100; row += 1) packer.add(['shared', true, 1, 2n, []]);
  const packed = packer.finish();
  expect([packed.text, packed.longs.length, packed.ticks.length, packed.dynamics.length]).toEqual([
    'shared',
    1,
    1,
    1,
  ]);
  const rows = unpackRows(packed, types);
  expect(rows[99]?.[4]).toBe(rows[0]?.[4]);
});
