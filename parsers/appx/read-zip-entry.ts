import { inflateRawSync } from 'node:zlib';
import { type FileSource, readWindow } from '../bytes/file-source.ts';
import { ParseError } from '../bytes/parse-error.ts';
import type { ZipEntry } from './zip-directory.ts';

const LOCAL_HEADER_SIZE = 30;
const LOCAL_HEADER_SIGNATURE = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;

/**
 * The uncompressed bytes of one entry, at most `limit` of them: no more is allocated than the directory says, and no more
 * than that is inflated. Source: PKWARE APPNOTE.TXT §4.3.7.
 */
export function readZipEntry(source: FileSource, entry: ZipEntry, limit: number): Uint8Array {
  const { localHeaderOffset: at, uncompressedSize } = entry;
  if (uncompressedSize > limit || entry.compressedSize > limit)
    throw new ParseError('too-many', at, `${entry.name} has ${uncompressedSize} bytes`);
  const header = readWindow(source, { offset: at, size: LOCAL_HEADER_SIZE });
  if (header.u32(at) !== LOCAL_HEADER_SIGNATURE)
    throw new ParseError('bad-magic', at, `no local header of ${entry.name}`);
  const offset = at + LOCAL_HEADER_SIZE + header.u16(at + 26) + header.u16(at + 28);
  const data = source.read({ offset, size: entry.compressedSize });
  const bytes = entry.method === STORED ? data : inflate(data, entry, offset);
  if (bytes.length === uncompressedSize) return bytes;
  const message = `${entry.name} has ${bytes.length} bytes, not ${uncompressedSize}`;
  throw new ParseError('bad-length', offset, message);
}

function inflate(data: Uint8Array, { name, method, uncompressedSize }: ZipEntry, offset: number) {
  if (method !== DEFLATED)
    throw new ParseError('unsupported', offset, `${name} is compressed by method ${method}`);
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(1, uncompressedSize) });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE' || code?.startsWith('Z_'))
      throw new ParseError('bad-value', offset, `${name} cannot be inflated: ${message}`);
    throw error;
  }
}
