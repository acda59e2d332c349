import { describe, expect, test } from 'vitest';
import { ByteReader } from '../../../parsers/bytes/byte-reader.ts';
import { equalBytes } from '../../../parsers/bytes/equal-bytes.ts';
import { toHex } from '../../../parsers/bytes/hex.ts';

describe('ByteReader', () => {
  const bytes = Uint8Array.of(0x4d, 0x5a, 0xff, 0xff, 0xff, 0xff, 0x80);

  test('reads little-endian numbers without a sign', () => {
    const reader = new ByteReader(bytes);
    expect(reader.u8(6)).toBe(0x80);
    expect(reader.u16(0)).toBe(0x5a4d);
    expect(reader.u32(2)).toBe(0xffffffff);
  });

  test('counts offsets from the start of the file where it holds a window', () => {
    const window = new ByteReader(bytes, 0x1_0000_0000);
    expect(window.u16(0x1_0000_0000)).toBe(0x5a4d);
    expect(window.end).toBe(0x1_0000_0007);
    expect(window.slice({ offset: 0x1_0000_0001, size: 2 })).toEqual(Uint8Array.of(0x5a, 0xff));
  });

  test('slices without a copy', () => {
    const slice = new ByteReader(bytes).slice({ offset: 2, size: 3 });
    expect(slice.buffer).toBe(bytes.buffer);
  });

  test.each([
    { name: 'past the end', offset: 4, size: 4 },
    { name: 'before the window', offset: -1, size: 1 },
    { name: 'of a negative size', offset: 0, size: -1 },
    { name: 'far past 4 GiB', offset: 2 ** 40, size: 1 },
  ])('refuses a range $name', ({ offset, size }) => {
    const reader = new ByteReader(bytes);
    expect(reader.has(offset, size)).toBe(false);
    expect(() => reader.slice({ offset, size })).toThrow(
      expect.objectContaining({ name: 'ParseError', code: 'truncated', offset }),
    );
  });
});

test('toHex writes lower case and honours the view', () => {
  const view = Uint8Array.of(1, 0x0b, 0xff, 2).subarray(1, 3);
  expect(toHex(view)).toBe('0bff');
});

test.each([
  { name: 'the same bytes', left: [1, 2], right: [1, 2], equal: true },
  { name: 'another byte', left: [1, 2], right: [1, 3], equal: false },
  { name: 'a longer run', left: [1, 2], right: [1, 2, 0], equal: false },
  { name: 'nothing', left: [], right: [], equal: true },
])('equalBytes with $name', ({ left, right, equal }) => {
  expect(equalBytes(Uint8Array.from(left), Uint8Array.from(right))).toBe(equal);
});
