import { describe, expect, test } from 'vitest';
import { ByteReader } from '../../../parsers/bytes/byte-reader.ts';
import {
  isPeSignature,
  ntHeadersOffset,
  PE_HEADER_BYTES,
  readPeLayout,
} from '../../../parsers/pe/pe-layout.ts';
import { sweep } from '../sweep.ts';
import { tinyPe } from './tiny-pe.ts';

function layoutOf(bytes: Uint8Array, fileSize = bytes.length) {
  return readPeLayout(new ByteReader(bytes), fileSize);
}

describe('readPeLayout', () => {
  test('finds the fields of a PE32', () => {
    expect(layoutOf(tinyPe({ table: { offset: 960, size: 64 } }))).toEqual({
      kind: 'pe32',
      ntHeadersOffset: 0x80,
      checksumOffset: 0x80 + 88,
      securityDirectoryOffset: 0x80 + 152,
      certificateTable: { offset: 960, size: 64 },
      certificateTableProblem: null,
      sectionTable: { offset: 0x80 + 24, size: 0 },
      resourceTable: null,
      fileSize: 1024,
    });
  });

  test('finds them 16 bytes later in a PE32+', () => {
    const layout = layoutOf(tinyPe({ magic: 0x20b, table: { offset: 960, size: 64 } }));
    expect(layout).toMatchObject({ kind: 'pe32+', checksumOffset: 0x80 + 88 });
    expect(layout.securityDirectoryOffset).toBe(0x80 + 168);
    expect(layout.certificateTable).toEqual({ offset: 960, size: 64 });
  });

  test('reads a window that begins at the NT headers', () => {
    const bytes = tinyPe({
      magic: 0x20b,
      ntHeaders: 5000,
      table: { offset: 5900, size: 96 },
      size: 6000,
    });
    const window = new ByteReader(bytes.subarray(5000, 5000 + PE_HEADER_BYTES), 5000);
    expect(readPeLayout(window, 6000, 5000)).toEqual(layoutOf(bytes));
    expect(layoutOf(bytes).certificateTable).toEqual({ offset: 5900, size: 96 });
  });

  test.each([
    { name: 'size 0, whatever the offset', pe: { table: { offset: 960, size: 0 } } },
    { name: 'four directories', pe: { directoryCount: 4, table: { offset: 960, size: 64 } } },
  ])('sees no table with $name', ({ pe }) => {
    expect(layoutOf(tinyPe(pe))).toMatchObject({
      certificateTable: null,
      certificateTableProblem: null,
    });
  });

  test('knows no security entry where only four directories are declared', () => {
    expect(layoutOf(tinyPe({ directoryCount: 4 })).securityDirectoryOffset).toBeNull();
  });

  test('reads the security entry where 0xFFFFFFFF directories are declared', () => {
    const layout = layoutOf(
      tinyPe({ directoryCount: 0xffffffff, table: { offset: 960, size: 64 } }),
    );
    expect(layout.certificateTable).toEqual({ offset: 960, size: 64 });
  });

  test.each([
    { name: 'ends past the file', table: { offset: 960, size: 65 }, code: 'bad-length' },
    { name: 'begins past the file', table: { offset: 4000, size: 8 }, code: 'bad-length' },
    { name: 'passes 4 GiB', table: { offset: 0xfffffff8, size: 0x100 }, code: 'bad-length' },
    { name: 'begins at 0', table: { offset: 0, size: 64 }, code: 'bad-value' },
    { name: 'overlaps its own entry', table: { offset: 0x80 + 159, size: 64 }, code: 'bad-value' },
  ])('lists a table that $name', ({ table, code }) => {
    const layout = layoutOf(tinyPe({ table }));
    expect(layout.certificateTable).toBeNull();
    expect(layout.certificateTableProblem).toMatchObject({
      name: 'ParseError',
      code,
      offset: 0x80 + 152,
    });
  });

  test.each([
    { name: 'a ROM image', bytes: tinyPe({ magic: 0x107 }), code: 'bad-magic', offset: 0x80 + 24 },
    { name: 'no MZ', bytes: new Uint8Array(1024), code: 'bad-magic', offset: 0 },
    {
      name: 'no PE signature',
      bytes: tinyPe().fill(0, 0x80, 0x84),
      code: 'bad-magic',
      offset: 0x80,
    },
    { name: 'an empty file', bytes: new Uint8Array(0), code: 'truncated', offset: 0 },
    {
      name: 'a cut-off security entry',
      bytes: tinyPe().subarray(0, 0x80 + 159),
      code: 'truncated',
      offset: 0x80 + 156,
    },
  ])('refuses $name', ({ bytes, code, offset }) => {
    expect(() => layoutOf(bytes)).toThrow(
      expect.objectContaining({ name: 'ParseError', code, offset }),
    );
  });

  test('gives a value or a ParseError for every cut and every flipped byte', () => {
    const bytes = tinyPe({ table: { offset: 400, size: 112 }, size: 512 });
    expect(sweep(bytes, (damaged) => layoutOf(damaged))).toBe(4 * 512);
  });
});

test('ntHeadersOffset gives e_lfanew, past 2 GiB too', () => {
  const bytes = tinyPe();
  new DataView(bytes.buffer).setUint32(0x3c, 0xfffffff0, true);
  expect(ntHeadersOffset(new ByteReader(bytes))).toBe(0xfffffff0);
});

test.each([
  { name: 'at the signature', offset: 0x80, is: true },
  { name: 'elsewhere', offset: 0x81, is: false },
  { name: 'past the bytes at hand', offset: 0xfffffff0, is: false },
])('isPeSignature $name is $is', ({ offset, is }) => {
  expect(isPeSignature(new ByteReader(tinyPe()), offset)).toBe(is);
});
