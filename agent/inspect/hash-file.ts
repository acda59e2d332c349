import { createHash, type Hash } from 'node:crypto';

import type { DigestAlgorithm } from '../../parsers/authenticode/signature-report.ts';
import type { ByteRange } from '../../parsers/bytes/byte-reader.ts';
import { FileChangedError, ScanStoppedError } from './file-error.ts';
import { readBytes } from './read-bytes.ts';

export interface FileDigests {
  /** Of the whole file, lower-case hex. */
  readonly sha1: string;
  readonly sha256: string;
  /** Of `imageRanges` alone, by algorithm. */
  readonly image: ReadonlyMap<DigestAlgorithm, string>;
}

export interface HashRequest {
  readonly size: number;
  /** What the image digest covers, ascending. */
  readonly imageRanges: readonly ByteRange[];
  readonly imageAlgorithms: readonly DigestAlgorithm[];
}

/** One buffer a thread, for ever: 512 KB is where reading stops getting faster. */
const buffer = Buffer.allocUnsafeSlow(512 * 1024);

/**
 * Reads the file once and feeds every digest from the same bytes. Throws FileChangedError where it holds fewer than
 * `size` bytes; bytes that were appended meanwhile are for the caller to notice.
 */
export function hashFile(
  descriptor: number,
  request: HashRequest,
  stopped: () => boolean,
): FileDigests {
  const sha1 = createHash('sha1');
  const sha256 = createHash('sha256');
  const image = request.imageAlgorithms.map((name) => [name, createHash(name)] as const);

  for (let offset = 0; offset < request.size; ) {
    if (stopped()) throw new ScanStoppedError('stopped while a file was read');
    const wanted = Math.min(buffer.length, request.size - offset);
    const count = readBytes(descriptor, buffer, 0, wanted, offset);
    if (count === 0) throw new FileChangedError(`ended at ${offset} of ${request.size} bytes`);
    const chunk = buffer.subarray(0, count);
    sha1.update(chunk);
    sha256.update(chunk);
    for (const [, hash] of image) updateWithin(hash, chunk, offset, request.imageRanges);
    offset += count;
  }
  return {
    sha1: sha1.digest('hex'),
    sha256: sha256.digest('hex'),
    image: new Map(image.map(([name, hash]) => [name, hash.digest('hex')])),
  };
}

/** Feeds the part of `chunk`, which begins at `offset` in the file, that lies within the ranges. */
function updateWithin(
  hash: Hash,
  chunk: Buffer,
  offset: number,
  ranges: readonly ByteRange[],
): void {
  for (const range of ranges) {
    const from = Math.max(range.offset, offset);
    const to = Math.min(range.offset + range.size, offset + chunk.length);
    if (from < to) hash.update(chunk.subarray(from - offset, to - offset));
  }
}
