import { createHash, hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readAppx } from '../../../parsers/appx/read-appx.ts';
import { readZipDirectory } from '../../../parsers/appx/zip-directory.ts';
import { memorySource } from '../../../parsers/bytes/file-source.ts';
import { buildSignature } from '../authenticode/signature-builder.ts';
import { verifyFile } from '../read-signed-file.ts';
import { sweep } from '../sweep.ts';
import { buildZip, endRecord, type ZipPlan } from './zip-builder.ts';

const contentTypes = Buffer.from('<Types/>');
const blockMap = Buffer.from('<BlockMap/>'.repeat(20));
const codeIntegrity = Buffer.from('a catalog');
const parts: readonly ZipPlan[] = [
  { name: 'App.exe', bytes: Buffer.alloc(5000, 'app'), stored: true },
  { name: 'AppxBlockMap.xml', bytes: blockMap },
  { name: '[Content_Types].xml', bytes: contentTypes },
];
const catalogPart: ZipPlan = { name: 'AppxMetadata/CodeIntegrity.cat', bytes: codeIntegrity };

function signaturePart(digest: string, magic = 'PKCX'): ZipPlan {
  const pkcs7 = buildSignature({ digest: Buffer.from(digest, 'hex') });
  return { name: 'AppxSignature.p7x', bytes: Buffer.concat([Buffer.from(magic), pkcs7]) };
}

/** By hand, from the archive as it was before it was signed. */
function digestByHand(unsigned: Buffer, ...tail: string[]): string {
  const { range } = readZipDirectory(memorySource(unsigned));
  const sha256 = (bytes: Uint8Array) => hash('sha256', bytes);
  const hex = (letters: string) => Buffer.from(letters).toString('hex');
  return [
    hex('APPXAXPC') + sha256(unsigned.subarray(0, range.offset)),
    hex('AXCD') + createHash('sha256').update(unsigned.subarray(range.offset)).digest('hex'),
    hex('AXCT') + sha256(contentTypes),
    hex('AXBM') + sha256(blockMap),
    ...tail,
  ].join('');
}

function codes(zip: Uint8Array): string[] {
  const [report] = verifyFile(readAppx(memorySource(zip)));
  return (report?.findings ?? []).map(({ code }) => code);
}

describe('readAppx', () => {
  test('digests the archive as it was before it was signed', () => {
    const signed = buildZip([...parts, signaturePart(digestByHand(buildZip(parts)))]);
    expect(codes(signed)).not.toContain('TRUST_E_BAD_DIGEST');
    signed[100] = 0; // of App.exe
    expect(codes(signed)).toContain('TRUST_E_BAD_DIGEST');
  });

  test('digests the code integrity catalog where there is one', () => {
    const plans = [...parts, catalogPart];
    const axci = Buffer.from('AXCI').toString('hex') + hash('sha256', codeIntegrity);
    const digest = digestByHand(buildZip(plans), axci);
    expect(codes(buildZip([...plans, signaturePart(digest)]))).not.toContain('TRUST_E_BAD_DIGEST');
    const without = digestByHand(buildZip(plans));
    expect(codes(buildZip([...plans, signaturePart(without)]))).toContain('TRUST_E_BAD_DIGEST');
  });

  test.each([
    { name: 'a package without a signature', plans: parts, isPackage: true },
    { name: 'any other archive', plans: parts.slice(0, 1), isPackage: false },
  ])('finds no signature in $name', ({ plans, isPackage }) => {
    const appx = readAppx(memorySource(buildZip(plans)));
    expect(appx).toMatchObject({ isPackage, signatures: [], problems: [] });
  });

  const signature = signaturePart('00'.repeat(148));
  test.each([
    {
      name: 'a signature that is not the last file',
      plans: [signature, ...parts],
      code: 'unsupported',
    },
    { name: 'two signatures', plans: [...parts, signature, signature], code: 'bad-value' },
    { name: 'two block maps', plans: [...parts, ...parts, signature], code: 'bad-value' },
    {
      name: 'a signature without its four letters',
      plans: [...parts, signaturePart('00', 'PKCY')],
      code: 'bad-magic',
    },
    {
      name: 'a signature that inflates to more than it claims',
      plans: [...parts, { ...signature, bytes: Buffer.alloc(10_000_000), claimedSize: 1000 }],
      code: 'bad-value',
    },
    {
      name: 'a signature that claims 2 GB',
      plans: [...parts, { ...signature, claimedSize: 2 ** 31 }],
      code: 'too-many',
    },
    {
      name: 'a signature that inflates to less than it claims',
      plans: [...parts, { ...signature, claimedSize: 100_000 }],
      code: 'bad-length',
    },
  ])('refuses $name', ({ plans, code }) => {
    expect(() => readAppx(memorySource(buildZip(plans)))).toThrow(
      expect.objectContaining({ name: 'ParseError', code }),
    );
  });

  test('a damaged package gives a value or a ParseError', () => {
    const signed = buildZip([...parts, signaturePart(digestByHand(buildZip(parts)))]);
    const tried = sweep(signed, (damaged) => verifyFile(readAppx(memorySource(damaged))), 17);
    expect(tried).toBeGreaterThan(1000);
  });
});

describe('readZipDirectory', () => {
  test('finds the end record before a comment, not within it', () => {
    const zip = buildZip(parts);
    const comment = Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(30)]);
    zip.writeUInt16LE(comment.length, zip.length - 2);
    const { entries } = readZipDirectory(memorySource(Buffer.concat([zip, comment])));
    expect(entries.map(({ name }) => name)).toEqual(parts.map(({ name }) => name));
  });

  test.each([
    { name: 'nothing', zip: Buffer.alloc(0), code: 'bad-magic' },
    {
      name: 'bytes after the end record',
      zip: Buffer.concat([buildZip(parts), Buffer.of(0)]),
      code: 'bad-magic',
    },
    {
      name: 'a directory that ends behind the end record',
      zip: endRecord(1, 100, 0),
      code: 'bad-length',
    },
    {
      name: 'a directory of something else',
      zip: Buffer.concat([Buffer.alloc(46), endRecord(1, 46, 0)]),
      code: 'bad-magic',
    },
  ])('refuses $name', ({ zip, code }) => {
    expect(() => readZipDirectory(memorySource(zip))).toThrow(
      expect.objectContaining({ name: 'ParseError', code }),
    );
  });
});
