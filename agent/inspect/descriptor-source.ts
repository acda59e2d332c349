import { readSync } from 'node:fs';
import type { ByteRange } from '../../parsers/bytes/byte-reader.ts';
import type { FileSource } from '../../parsers/bytes/file-source.ts';
import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { FileChangedError } from './file-error.ts';

/** An open file as the parsers read one. `size` is what the file had when it was opened: no byte after it is read. */
export function descriptorSource(descriptor: number, size: number): FileSource {
  return { size, read: (range) => readExactly(descriptor, size, range) };
}

/** The size is checked before a byte is allocated: a hostile header may ask for 4 GiB. */
function readExactly(
  descriptor: number,
  fileSize: number,
  { offset, size }: ByteRange,
): Uint8Array {
  if (size < 0 || offset < 0 || offset + size > fileSize) {
    const message = `${size} bytes wanted at ${offset}, the file ends at ${fileSize}`;
    throw new ParseError('truncated', offset, message);
  }
  const bytes = new Uint8Array(size);
  for (let count = 0; count < size; ) {
    const read = readSync(descriptor, bytes, count, size - count, offset + count);
    if (read === 0) throw new FileChangedError(`ended at ${offset + count} of ${fileSize} bytes`);
    count += read;
  }
  return bytes;
}
