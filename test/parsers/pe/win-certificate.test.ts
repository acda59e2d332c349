import { describe, expect, test } from 'vitest';
import { ByteReader } from '../../../parsers/bytes/byte-reader.ts';
import { readWinCertificates } from '../../../parsers/pe/win-certificate.ts';
import { sweep } from '../sweep.ts';

const START = 1000;

/** One entry with the given dwLength, padded to a multiple of 8 as in a file. */
function entry(dwLength: number, content = '', type = 2): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((8 + content.length / 2) / 8) * 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, dwLength, true);
  view.setUint16(4, 0x0200, true);
  view.setUint16(6, type, true);
  bytes.set(Buffer.from(content, 'hex'), 8);
  return bytes;
}

/** Reads a table that stands at START in its file. */
function read(...parts: readonly Uint8Array[]) {
  const bytes = Buffer.concat(parts);
  return readWinCertificates(new ByteReader(bytes, START), { offset: START, size: bytes.length });
}

describe('readWinCertificates', () => {
  test('reads several entries, each at a multiple of 8', () => {
    const table = read(entry(11, 'aabbcc'), entry(10, 'ddee', 1));
    expect(table.problem).toBeUndefined();
    expect(table.trailing.size).toBe(0);
    expect(table.certificates).toEqual([
      {
        offset: START,
        length: 11,
        revision: 0x200,
        certificateType: 2,
        contentOffset: START + 8,
        content: Buffer.from('aabbcc', 'hex'),
      },
      {
        offset: START + 16,
        length: 10,
        revision: 0x200,
        certificateType: 1,
        contentOffset: START + 24,
        content: Buffer.from('ddee', 'hex'),
      },
    ]);
  });

  test('takes a last entry without its padding', () => {
    const table = read(entry(11, 'aabbcc').subarray(0, 11));
    expect(table.problem).toBeUndefined();
    expect(table.certificates).toHaveLength(1);
  });

  test('takes zeros behind an entry for padding, and says how many', () => {
    const table = read(entry(11, 'aabbcc'), new Uint8Array(21));
    expect(table.problem).toBeUndefined();
    expect(table.trailing).toEqual({ offset: START + 16, size: 21 });
  });

  test.each([
    { name: 'dwLength below the header size', bytes: entry(7), code: 'bad-length', offset: START },
    { name: 'a table of zeros', bytes: new Uint8Array(16), code: 'bad-length', offset: START },
    {
      name: 'dwLength past the table',
      bytes: entry(17, 'aabb'),
      code: 'bad-length',
      offset: START,
    },
    {
      name: 'dwLength of 4 GiB',
      bytes: entry(0xffffffff, 'aabb'),
      code: 'bad-length',
      offset: START,
    },
    { name: 'a cut-off header', bytes: entry(8).subarray(0, 3), code: 'truncated', offset: START },
  ])('stops at $name', ({ bytes, code, offset }) => {
    const table = read(bytes);
    expect(table.certificates).toEqual([]);
    expect(table.problem).toMatchObject({ name: 'ParseError', code, offset });
  });

  test('keeps what it read before a problem', () => {
    const table = read(entry(11, 'aabbcc'), Buffer.from('not a WIN_CERTIFICATE'));
    expect(table.certificates).toHaveLength(1);
    expect(table.problem).toMatchObject({ code: 'bad-length', offset: START + 16 });
    expect(table.trailing).toEqual({ offset: START + 16, size: 21 });
  });

  test('stops where the bytes at hand end before the table', () => {
    const bytes = entry(16, 'aabbccddeeff0011');
    const reader = new ByteReader(bytes.subarray(0, 12), START);
    const table = readWinCertificates(reader, { offset: START, size: 16 });
    expect(table.problem).toMatchObject({ code: 'truncated', offset: START });
  });

  test('reads 64 entries and lists the next as too many', () => {
    const table = read(...Array.from({ length: 70 }, () => entry(8)));
    expect(table.certificates).toHaveLength(64);
    expect(table.problem).toMatchObject({ code: 'too-many', offset: START + 64 * 8 });
  });

  test('never throws, for no cut and no flipped byte', () => {
    const bytes = Buffer.concat([entry(11, 'aabbcc'), entry(16, 'aabbccddeeff0011')]);
    let read = 0;
    const tried = sweep(bytes, (damaged) => {
      readWinCertificates(new ByteReader(damaged), { offset: 0, size: bytes.length });
      read++;
    });
    expect(read).toBe(tried);
  });
});
