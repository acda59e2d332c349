import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ByteReader } from '../../../parsers/bytes/byte-reader.ts';
import { memorySource } from '../../../parsers/bytes/file-source.ts';
import { readPeLayout } from '../../../parsers/pe/pe-layout.ts';
import { verifyPageHashes } from '../../../parsers/pe/verify-page-hashes.ts';
import { haveShared } from '../../corpus.ts';
import { readCorpusBytes, readPeFacts } from '../read-corpus-file.ts';
import { tinyPe } from './tiny-pe.ts';

const NT_HEADERS = 0x80;
const HEADERS = 1024;
/** File offset and bytes of the raw data: one page and a half. */
const SECTION = { offset: HEADERS, size: 6144 };
const CHECKSUM = NT_HEADERS + 88;
const SECURITY_ENTRY = NT_HEADERS + 152;

interface Parts {
  readonly headerSize?: number;
  readonly sectionSize?: number;
}

function image({ headerSize = HEADERS, sectionSize = SECTION.size }: Parts = {}): Uint8Array {
  const bytes = tinyPe({ ntHeaders: NT_HEADERS, size: HEADERS + SECTION.size });
  const view = new DataView(bytes.buffer);
  view.setUint16(NT_HEADERS + 6, 1, true); // NumberOfSections
  view.setUint16(NT_HEADERS + 20, 224, true); // SizeOfOptionalHeader
  view.setUint32(NT_HEADERS + 84, headerSize, true);
  const section = NT_HEADERS + 24 + 224;
  view.setUint32(section + 16, sectionSize, true);
  view.setUint32(section + 20, SECTION.offset, true);
  bytes.fill(0x90, SECTION.offset);
  return bytes;
}

/** The table as a signer makes it, counted out by hand for the image above. */
function pageHashes(bytes: Uint8Array): Uint8Array {
  const headers = [
    bytes.subarray(0, CHECKSUM),
    bytes.subarray(CHECKSUM + 4, SECURITY_ENTRY),
    bytes.subarray(SECURITY_ENTRY + 8, HEADERS),
    new Uint8Array(4096 - HEADERS),
  ];
  const second = bytes.subarray(SECTION.offset + 4096);
  return Buffer.concat([
    entry(0, ...headers),
    entry(SECTION.offset, bytes.subarray(SECTION.offset, SECTION.offset + 4096)),
    entry(SECTION.offset + 4096, second, new Uint8Array(4096 - second.length)),
    offsetOf(SECTION.offset + SECTION.size),
    new Uint8Array(32),
  ]);
}

function entry(offset: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const digest = hash('sha256', Buffer.concat(parts), 'buffer');
  return Buffer.concat([offsetOf(offset), digest]);
}

function offsetOf(offset: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, offset, true);
  return bytes;
}

function verify(bytes: Uint8Array, table: Uint8Array): string[] {
  const layout = readPeLayout(new ByteReader(bytes), bytes.length);
  const hashes = { algorithm: 'sha256', table } as const;
  return verifyPageHashes(memorySource(bytes), layout, hashes).map(({ detail }) => detail);
}

describe('verifyPageHashes', () => {
  test('finds no page that differs in the file that was signed', () => {
    expect(verify(image(), pageHashes(image()))).toEqual([]);
  });

  test.each([
    { name: 'the headers', at: 4, expected: ['1 of 3 pages differ from their page hashes, at 0'] },
    {
      name: 'the last byte',
      at: HEADERS + SECTION.size - 1,
      expected: ['1 of 3 pages differ from their page hashes, at 5120'],
    },
    { name: 'CheckSum, which is not covered', at: CHECKSUM, expected: [] },
  ])('says which page a change to $name is in', ({ at, expected }) => {
    const changed = image();
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(verify(changed, pageHashes(image()))).toEqual(expected);
  });

  test.each([
    {
      name: 'hashes for fewer pages',
      bytes: image(),
      table: pageHashes(image()).subarray(36),
      expected: 'there are page hashes for 2 pages, the file has 3',
    },
    {
      name: 'an offset that is not the page',
      bytes: image(),
      table: Buffer.concat([offsetOf(8), pageHashes(image()).subarray(4)]),
      expected: '1 of 3 pages differ from their page hashes, at 0',
    },
    {
      name: 'sections larger than the file',
      bytes: image({ sectionSize: 0xffff_ffff }),
      table: pageHashes(image()),
      expected: 'the page hashes cannot be checked: headers and sections do not fit the file',
    },
    {
      name: 'headers larger than a page',
      bytes: image({ headerSize: 4097 }),
      table: pageHashes(image()),
      expected: 'the page hashes cannot be checked: headers and sections do not fit the file',
    },
  ])('is a bad digest with $name', ({ bytes, table, expected }) => {
    expect(verify(bytes, table)).toEqual([expected]);
  });

  test.skipIf(!haveShared())('agrees with the page hashes of real files', () => {
    const detailsOf = (file: string) =>
      readPeFacts(readCorpusBytes(file)).reports.map(({ findings }) =>
        findings.map(({ detail }) => detail).filter((detail) => /page/.test(detail)),
      );
    const changed = ['1 of 10 pages differ from their page hashes, at 5632'];
    expect(detailsOf('signify/DXCore.dll')).toEqual([[]]);
    expect(detailsOf('avast/pe_file_1.bin')).toEqual([changed, changed]); // SHA-1, and SHA-256 in the nested one
  });
});
