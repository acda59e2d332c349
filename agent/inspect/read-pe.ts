import { type ByteRange, ByteReader } from '../../parsers/bytes/byte-reader.ts';
import { ParseError } from '../../parsers/bytes/parse-error.ts';
import {
  isPeSignature,
  ntHeadersOffset,
  PE_HEADER_BYTES,
  type PeLayout,
} from '../../parsers/pe/pe-layout.ts';
import { readWinCertificates, type WinCertificateTable } from '../../parsers/pe/win-certificate.ts';
import { readBytes } from './read-bytes.ts';

/** Bytes. A larger certificate table is not read: real ones stay below 1 MB, some malware pads them by hundreds. */
export const MAX_CERTIFICATE_TABLE = 16 * 1024 * 1024;

const HEADER_WINDOW = 4096;
/** The DOS header up to and with e_lfanew. */
const DOS_HEADER = 64;

export interface PeHeader {
  readonly window: ByteReader;
  readonly ntHeaders: number;
}

/** undefined where no PE signature stands at e_lfanew. That may point past the first 4 KB: then those bytes are read. */
export function readPeHeader(descriptor: number): PeHeader | undefined {
  const first = readRange(descriptor, { offset: 0, size: HEADER_WINDOW });
  if (first.bytes.length < DOS_HEADER) return undefined;
  const ntHeaders = ntHeadersOffset(first);
  const window = first.has(ntHeaders, PE_HEADER_BYTES)
    ? first
    : readRange(descriptor, { offset: ntHeaders, size: PE_HEADER_BYTES });
  return isPeSignature(window, ntHeaders) ? { window, ntHeaders } : undefined;
}

/**
 * The entries of the table that the header names. A table that cannot be read has none and the reason as its `problem`;
 * a file without a table has neither.
 */
export function readCertificates(descriptor: number, layout: PeLayout): WinCertificateTable {
  const range = layout.certificateTable;
  if (range === null) return noCertificates(layout.certificateTableProblem ?? undefined);
  if (range.size > MAX_CERTIFICATE_TABLE) {
    const message = `certificate table of ${range.size} bytes, limit ${MAX_CERTIFICATE_TABLE}`;
    return noCertificates(new ParseError('bad-length', range.offset, message));
  }
  return readWinCertificates(readRange(descriptor, range), range);
}

function noCertificates(problem: ParseError | undefined): WinCertificateTable {
  return { certificates: [], problem, trailing: { offset: 0, size: 0 } };
}

/** Fewer bytes where the file ends earlier. No Buffer: its slice() would not copy, and parsers keep what they slice. */
function readRange(descriptor: number, { offset, size }: ByteRange): ByteReader {
  const bytes = new Uint8Array(size);
  let count = 0;
  while (count < size) {
    const read = readBytes(descriptor, bytes, count, size - count, offset + count);
    if (read === 0) break;
    count += read;
  }
  return new ByteReader(bytes.subarray(0, count), offset);
}
