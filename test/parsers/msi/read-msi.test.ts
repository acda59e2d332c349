import { createHash, hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type FileSource, memorySource } from '../../../parsers/bytes/file-source.ts';
import { readMsi } from '../../../parsers/msi/read-msi.ts';
import { buildSignature } from '../authenticode/signature-builder.ts';
import { verifyFile } from '../read-signed-file.ts';
import { sweep } from '../sweep.ts';
import { buildCompound, type EntryPlan } from './compound-builder.ts';

const MSI_CLASS = '84100c0000000000c000000000000046';
const WORD_CLASS = '0609020000000000c000000000000046';
const NESTED_CLASS = '0123456789abcdef0123456789abcdef';
const TIMES = '11111111111111112222222222222222';

const large = Buffer.alloc(10_000, 'large ');
const small = Buffer.from('a stream below 4 KB');
/** Not in the order of their names, and one of them in a storage. */
const streams: readonly EntryPlan[] = [
  { name: 'Zulu', bytes: large, times: TIMES },
  { name: 'Alpha', bytes: small },
  { name: 'Mike', clsid: NESTED_CLASS, children: [{ name: 'Inner', bytes: Buffer.from('inner') }] },
  { name: 'Empty', bytes: Buffer.alloc(0) },
];

/** By hand: streams by name, each storage closed by its class. */
function contentDigest(prefix: Uint8Array = Buffer.alloc(0)): string {
  const digest = createHash('sha256').update(prefix).update(small).update('inner');
  digest.update(Buffer.from(NESTED_CLASS, 'hex')).update(large);
  return digest.update(Buffer.from(MSI_CLASS, 'hex')).digest('hex');
}

/** By hand: names, classes, sizes, state bits and times. */
function metadataDigest(): Buffer {
  const utf16 = (name: string) => Buffer.from(name, 'utf16le');
  const zeros = (count: number) => Buffer.alloc(count);
  const size = (bytes: number) => {
    const field = Buffer.alloc(4);
    field.writeUInt32LE(bytes);
    return field;
  };
  const stream = (name: string, bytes: number, times = zeros(16)) =>
    Buffer.concat([utf16(name), size(bytes), zeros(4), times]);
  const parts = [
    Buffer.concat([Buffer.from(MSI_CLASS, 'hex'), zeros(4)]),
    stream('Alpha', small.length),
    stream('Empty', 0),
    Buffer.concat([utf16('Mike'), Buffer.from(NESTED_CLASS, 'hex'), zeros(4), zeros(16)]),
    stream('Inner', 5),
    stream('Zulu', large.length, Buffer.from(TIMES, 'hex')),
  ];
  return hash('sha256', Buffer.concat(parts), 'buffer');
}

function signedWith(digest: string): EntryPlan {
  return {
    name: '\x05DigitalSignature',
    bytes: buildSignature({ digest: Buffer.from(digest, 'hex') }),
  };
}

function findings(plans: readonly EntryPlan[]): string[] {
  const [report] = verifyFile(readMsi(memorySource(buildCompound(plans, MSI_CLASS).bytes)));
  return (report?.findings ?? []).map(({ code }) => code);
}

describe('readMsi', () => {
  test('digests the streams in the order of their names, and each storage at its end', () => {
    expect(findings([...streams, signedWith(contentDigest())])).not.toContain('TRUST_E_BAD_DIGEST');
    expect(findings([...streams, signedWith(hash('sha256', 'x'))])).toContain('TRUST_E_BAD_DIGEST');
  });

  test.each([
    { name: 'the right one', stored: metadataDigest(), signed: metadataDigest(), good: true },
    {
      name: 'one that is not that of the metadata',
      stored: Buffer.alloc(32),
      signed: metadataDigest(),
      good: false,
    },
    {
      name: 'a wrong one, which was signed',
      stored: Buffer.alloc(32),
      signed: Buffer.alloc(32),
      good: false,
    },
    {
      name: 'one that the signature does not cover',
      stored: metadataDigest(),
      signed: Buffer.alloc(0),
      good: false,
    },
  ])('takes an extended digest into account: $name', ({ stored, signed, good }) => {
    const extended = { name: '\x05MsiDigitalSignatureEx', bytes: stored };
    const codes = findings([...streams, extended, signedWith(contentDigest(signed))]);
    expect(!codes.includes('TRUST_E_BAD_DIGEST')).toBe(good);
  });

  test.each([
    { name: 'an installer', clsid: MSI_CLASS, isInstaller: true },
    { name: 'a Word document', clsid: WORD_CLASS, isInstaller: false },
    {
      name: 'an installer with one byte of its class changed',
      clsid: `85${MSI_CLASS.slice(2)}`,
      isInstaller: true,
    },
  ])('takes by the class of its root for $name', ({ clsid, isInstaller }) => {
    const msi = readMsi(memorySource(buildCompound(streams, clsid).bytes));
    expect(msi).toMatchObject({ isInstaller, signatures: [], problems: [] });
  });

  test('reads no more than it must: a few sectors to tell that a package is unsigned', () => {
    const { bytes } = buildCompound([{ name: 'Big', bytes: Buffer.alloc(60_000, 1) }], MSI_CLASS);
    let read = 0;
    const source: FileSource = memorySource(bytes);
    readMsi({
      size: source.size,
      read(range) {
        read += range.size;
        return source.read(range);
      },
    });
    expect(read).toBeLessThan(3000);
  });

  test('a damaged package gives a value or a ParseError', () => {
    const { bytes } = buildCompound([...streams, signedWith(contentDigest())], MSI_CLASS);
    const tried = sweep(bytes, (damaged) => readMsi(memorySource(damaged)).digest('sha256'), 41);
    expect(tried).toBeGreaterThan(1000);
  });
});
