import { hash } from 'node:crypto';
import type { ByteRange } from '../bytes/byte-reader.ts';
import { type DigestSegment, digestSegments, type FileSource } from '../bytes/file-source.ts';
import { ParseError } from '../bytes/parse-error.ts';
import { readZipEntry } from './read-zip-entry.ts';
import type { ZipDirectory, ZipEntry } from './zip-directory.ts';

/** A package as its signature sees it. `parts` are the entries that are digested by themselves. */
export interface AppxContent {
  readonly source: FileSource;
  readonly directory: ZipDirectory;
  readonly signature: ZipEntry;
  readonly parts: ReadonlyMap<string, ZipEntry>;
}

/** Entries that have a digest of their own, uncompressed; the last is optional. In the order of the digest. */
const digestedParts = [
  { tag: 'AXCT', name: '[Content_Types].xml', optional: false },
  { tag: 'AXBM', name: 'AppxBlockMap.xml', optional: false },
  { tag: 'AXCI', name: 'AppxMetadata/CodeIntegrity.cat', optional: true },
];
export const DIGESTED_PARTS: readonly string[] = digestedParts.map(({ name }) => name);

/** Bytes. The block map has some 60 for each 64 KB of the package. */
const MAX_PART = 128 * 1024 * 1024;

/**
 * The "digest" of a package, in hex: the letters APPX, then each digest behind the four letters of its name. AXPC covers the
 * file records before the signature's, AXCD the central directory as it would be without the signature, the others one part.
 *
 * The block map in turn lists digests of all the files, so the package is covered twice. Source: none official; signtool,
 * osslsigncode and jsign agree.
 */
export function appxDigest(content: AppxContent, algorithm: string): string {
  const { source, signature } = content;
  const records = { offset: 0, size: signature.localHeaderOffset };
  const pieces = [
    hex('APPX'),
    hex('AXPC') + digestSegments(source, [records], algorithm),
    hex('AXCD') + digestSegments(source, unsignedDirectory(content), algorithm),
  ];
  for (const { tag, name, optional } of digestedParts) {
    const part = content.parts.get(name);
    if (part) pieces.push(hex(tag) + hash(algorithm, readZipEntry(source, part, MAX_PART)));
    else if (!optional) throw new ParseError('bad-value', 0, `the package has no ${name}`);
  }
  return pieces.join('');
}

/** The central directory and its end records as they were before the signature was added. */
function* unsignedDirectory(content: AppxContent): Generator<DigestSegment> {
  const { source, directory, signature } = content;
  const { record } = signature;
  const afterRecord = record.offset + record.size;
  const directoryEnd = directory.range.offset + directory.range.size;
  yield { offset: directory.range.offset, size: record.offset - directory.range.offset };
  yield { offset: afterRecord, size: directoryEnd - afterRecord };

  const before = {
    entries: directory.entries.length - 1,
    offset: signature.localHeaderOffset,
    size: directory.range.size - record.size,
  };
  if (directory.zip64) {
    const { record: end64, locator } = directory.zip64;
    yield patched(source, end64, [
      { at: 24, bytes: 8, value: before.entries },
      { at: 32, bytes: 8, value: before.entries },
      { at: 40, bytes: 8, value: before.size },
      { at: 48, bytes: 8, value: before.offset },
    ]);
    yield patched(source, locator, [{ at: 8, bytes: 8, value: before.offset + before.size }]);
  }
  yield patched(source, directory.end, [
    { at: 8, bytes: 2, value: before.entries },
    { at: 10, bytes: 2, value: before.entries },
    { at: 12, bytes: 4, value: before.size },
    { at: 16, bytes: 4, value: before.offset },
  ]);
}

interface Patch {
  readonly at: number;
  readonly bytes: 2 | 4 | 8;
  readonly value: number;
}

/** A copy of a record with other numbers. A field that is all ones refers to ZIP64 and stays. */
function patched(source: FileSource, range: ByteRange, patches: readonly Patch[]): Uint8Array {
  const copy = Buffer.from(source.read(range));
  for (const { at, bytes, value } of patches) {
    const isReference = bytes < 8 && copy.subarray(at, at + bytes).every((byte) => byte === 0xff);
    if (isReference) continue;
    if (bytes === 8) copy.writeBigUInt64LE(BigInt(value), at);
    else copy.writeUIntLE(value % 2 ** (bytes * 8), at, bytes);
  }
  return copy;
}

function hex(letters: string): string {
  return Buffer.from(letters, 'latin1').toString('hex');
}
