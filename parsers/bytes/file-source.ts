import { createHash, type Hash } from 'node:crypto';
import type { ByteRange } from './byte-reader.ts';
import { ByteReader } from './byte-reader.ts';
import { toHex } from './hex.ts';

/**
 * A file that is read piece by piece: an installer of 2 GB is never in memory.
 *
 * `read` gives exactly the bytes asked for and throws ParseError `truncated` where the file has fewer.
 */
export interface FileSource {
  /** Bytes. */
  readonly size: number;
  read(range: ByteRange): Uint8Array;
}

/** A source over bytes at hand. */
export function memorySource(bytes: Uint8Array): FileSource {
  const reader = new ByteReader(bytes);
  return { size: bytes.length, read: (range) => reader.slice(range) };
}

/** A reader over one range of the file, for structures that are small enough to be read whole. */
export function readWindow(source: FileSource, range: ByteRange): ByteReader {
  return new ByteReader(source.read(range), range.offset);
}

/** A piece of what is digested: a range of the file, or bytes that do not stand in it like this. */
export type DigestSegment = ByteRange | Uint8Array;

/** Bytes of the file in memory at a time: of 32 to 256 KB this was read fastest. */
const CHUNK_SIZE = 128 * 1024;

/** Lower-case hex of the digest over the segments, in their order. */
export function digestSegments(
  source: FileSource,
  segments: Iterable<DigestSegment>,
  algorithm: string,
): string {
  const hash = createHash(algorithm);
  for (const segment of segments) {
    if (segment instanceof Uint8Array) hash.update(segment);
    else updateFromFile(hash, source, segment);
  }
  return toHex(hash.digest());
}

function updateFromFile(hash: Hash, source: FileSource, { offset, size }: ByteRange): void {
  const end = offset + size;
  for (let at = offset; at < end; at += CHUNK_SIZE)
    hash.update(source.read({ offset: at, size: Math.min(CHUNK_SIZE, end - at) }));
}
