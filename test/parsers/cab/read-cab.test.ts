import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../../parsers/bytes/file-source.ts';
import { readCab } from '../../../parsers/cab/read-cab.ts';
import { buildSignature } from '../authenticode/signature-builder.ts';
import { verifyFile } from '../read-signed-file.ts';
import { sweep } from '../sweep.ts';

const RESERVE_PRESENT = 4;
const data = Buffer.from('folders, files and compressed data');

/** CFHEADER with the reserved area that says where the signature is, then the data. */
function header({ flags = RESERVE_PRESENT, reserve = 20 } = {}): Buffer {
  const bytes = Buffer.alloc(60);
  bytes.write('MSCF', 'latin1');
  bytes.writeUInt32LE(60 + data.length, 8); // cbCabinet
  bytes.writeUInt16LE(flags, 30);
  bytes.writeUInt16LE(0x1234, 32); // setID
  bytes.writeUInt16LE(reserve, 36);
  return bytes;
}

function signedCab(digest: string): Buffer {
  const signature = buildSignature({ digest: Buffer.from(digest, 'hex') });
  const start = header();
  start.writeUInt32LE(start.length + data.length, 44);
  start.writeUInt32LE(signature.length, 48);
  return Buffer.concat([start, data, signature]);
}

/** By hand: neither reserved1, nor anything from iCabinet to the signature's place and size. */
function digestByHand(): string {
  const start = header();
  return hash(
    'sha256',
    Buffer.concat([start.subarray(0, 4), start.subarray(8, 34), start.subarray(56), data]),
  );
}

function codes(cab: Uint8Array): string[] {
  const [report] = verifyFile(readCab(memorySource(cab)));
  return (report?.findings ?? []).map(({ code }) => code);
}

describe('readCab', () => {
  test('digests the cabinet but for the fields that signing writes', () => {
    const cab = signedCab(digestByHand());
    expect(codes(cab)).not.toContain('TRUST_E_BAD_DIGEST');
    cab[62] = 0; // of the data
    expect(codes(cab)).toContain('TRUST_E_BAD_DIGEST');
  });

  test.each([
    { name: 'without a reserved area', cab: header({ flags: 0 }) },
    { name: 'with a reserved area of another size', cab: header({ reserve: 16 }) },
    { name: 'made ready to be signed', cab: header() },
  ])('finds no signature in a cabinet $name', ({ cab }) => {
    expect(readCab(memorySource(cab))).toMatchObject({ signatures: [], problems: [] });
  });

  test.each([
    { name: 'in the header', offset: 20, size: 8, code: 'bad-value', at: 44 },
    { name: 'past the end', offset: 60, size: 1000, code: 'bad-length', at: 48 },
    { name: 'of 4 GB', offset: 0xffffffff, size: 0xffffffff, code: 'bad-length', at: 48 },
  ])('refuses a signature $name', ({ offset, size, code, at }) => {
    const cab = signedCab(digestByHand());
    cab.writeUInt32LE(offset, 44);
    cab.writeUInt32LE(size, 48);
    expect(() => readCab(memorySource(cab))).toThrow(
      expect.objectContaining({ name: 'ParseError', code, offset: at }),
    );
  });

  test('a damaged cabinet gives a value or a ParseError', () => {
    const cab = signedCab(digestByHand());
    expect(sweep(cab, (damaged) => verifyFile(readCab(memorySource(damaged))), 3)).toBeGreaterThan(
      300,
    );
  });
});
