import { expect, test } from 'vitest';
import { ByteReader } from '../../../parsers/bytes/byte-reader.ts';
import { imageDigestRanges } from '../../../parsers/pe/image-digest.ts';
import { readPeLayout } from '../../../parsers/pe/pe-layout.ts';
import { type TinyPe, tinyPe } from './tiny-pe.ts';

/** CheckSum and the security entry of a PE32 whose NT headers are at 0x80. */
const CHECKSUM = 216;
const ENTRY = 280;

test.each<{ name: string; pe: TinyPe; ranges: [from: number, to: number][] }>([
  {
    name: 'leaves out CheckSum, security entry and table',
    pe: { table: { offset: 960, size: 64 } },
    ranges: [
      [0, CHECKSUM],
      [CHECKSUM + 4, ENTRY],
      [ENTRY + 8, 960],
    ],
  },
  {
    name: 'hashes what follows the table',
    pe: { table: { offset: 896, size: 64 } },
    ranges: [
      [0, CHECKSUM],
      [CHECKSUM + 4, ENTRY],
      [ENTRY + 8, 896],
      [960, 1024],
    ],
  },
  {
    name: 'hashes an unsigned file to its end, without padding to a multiple of 8',
    pe: { size: 1021 },
    ranges: [
      [0, CHECKSUM],
      [CHECKSUM + 4, ENTRY],
      [ENTRY + 8, 1021],
    ],
  },
  {
    name: 'hashes the bytes of a table that cannot be right',
    pe: { table: { offset: 960, size: 999 } },
    ranges: [
      [0, CHECKSUM],
      [CHECKSUM + 4, ENTRY],
      [ENTRY + 8, 1024],
    ],
  },
  {
    name: 'leaves out no security entry where there is none',
    pe: { directoryCount: 4 },
    ranges: [
      [0, CHECKSUM],
      [CHECKSUM + 4, 1024],
    ],
  },
  {
    name: 'joins nothing where the table stands right behind its entry',
    pe: { table: { offset: ENTRY + 8, size: 8 } },
    ranges: [
      [0, CHECKSUM],
      [CHECKSUM + 4, ENTRY],
      [ENTRY + 16, 1024],
    ],
  },
])('$name', ({ pe, ranges }) => {
  const bytes = tinyPe(pe);
  const layout = readPeLayout(new ByteReader(bytes), bytes.length);
  const expected = ranges.map(([from, to]) => ({ offset: from, size: to - from }));
  expect(imageDigestRanges(layout)).toEqual(expected);
});
