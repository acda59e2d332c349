import { type ByteRange, ByteReader } from '../../parsers/bytes/byte-reader.ts';
import type { FileSource } from '../../parsers/bytes/file-source.ts';
import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { FileChangedError } from './file-error.ts';
import { readBytes } from './read-bytes.ts';

/** Bytes read at once where a parser asks for a few: headers and tables stand close together. */
const WINDOW = 4096;

/** An open file as the parsers read one. `size` is what the file had when it was opened: no byte after it is read. */
export function descriptorSource(descriptor: number, size: number): FileSource {
  let window = new ByteReader(new Uint8Array());
  return {
    size,
    read(range) {
      checkRange(range, size);
      if (range.size > WINDOW) return readExactly(descriptor, size, range);
      if (!window.has(range.offset, range.size)) {
        const wanted = { offset: range.offset, size: Math.min(WINDOW, size - range.offset) };
        // A new window each time: parsers keep what they slice.
        window = new ByteReader(readExactly(descriptor, size, wanted), range.offset);
      }
      return window.slice(range);
    },
  };
}

/** Before a byte is allocated: a hostile header may ask for 4 GiB. */
function checkRange({ offset, size }: ByteRange, fileSize: number): void {
  if (size >= 0 && offset >= 0 && offset + size <= fileSize) return;
  const message = `${size} bytes wanted at ${offset}, the file ends at ${fileSize}`;
  throw new ParseError('truncated', offset, message);
}

function readExactly(
  descriptor: number,
  fileSize: number,
  { offset, size }: ByteRange,
): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let count = 0; count < size; ) {
    const read = readBytes(descriptor, bytes, count, size - count, offset + count);
    if (read === 0) throw new FileChangedError(`ended at ${offset + count} of ${fileSize} bytes`);
    count += read;
  }
  return bytes;
}
