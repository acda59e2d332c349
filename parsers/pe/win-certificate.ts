import type { ByteRange, ByteReader } from '../bytes/byte-reader.ts';
import { ParseError } from '../bytes/parse-error.ts';

/** One WIN_CERTIFICATE entry. Offsets are file offsets, sizes bytes. */
export interface WinCertificate {
  readonly offset: number;
  /** dwLength: the 8-byte header counts too, the padding to the next entry does not. */
  readonly length: number;
  /** wRevision, 0x0200 in every Authenticode signature. */
  readonly revision: number;
  /** wCertificateType, 2 for PKCS#7 SignedData. */
  readonly certificateType: number;
  readonly contentOffset: number;
  /** bCertificate, whatever follows the PKCS#7 included. A view of the table. */
  readonly content: Uint8Array;
}

export interface WinCertificateTable {
  readonly certificates: readonly WinCertificate[];
  /** Why reading stopped before the end of the table; undefined where it did not. */
  readonly problem: ParseError | undefined;
  /** Bytes of the table behind the last entry and its alignment, from `offset` on. Empty in nearly every file. */
  readonly trailing: ByteRange;
}

const HEADER_SIZE = 8;
const ALIGNMENT = 8;
/** Nearly every file has one entry; shim and some test files have two. */
const MAX_CERTIFICATES = 64;

/**
 * Reads the WIN_CERTIFICATE entries in `range`, in file order. What was read before a problem counts: one good entry
 * followed by rubbish is still one signature.
 *
 * `dwLength` counts its own 8-byte header, and the next entry starts at the next multiple of 8 from the table's start.
 * The table is found by file offset, not RVA, unlike every other data directory. Zeros behind an entry are padding.
 * Source: PE/COFF spec, "The Attribute Certificate Table (Image Only)".
 */
export function readWinCertificates(table: ByteReader, range: ByteRange): WinCertificateTable {
  const certificates: WinCertificate[] = [];
  const end = range.offset + range.size;
  let offset = range.offset;
  let problem: ParseError | undefined;

  while (offset < end) {
    if (certificates.length > 0 && isZero(table, offset, end)) break;
    const entry = readEntry(table, offset, end, certificates.length);
    if (entry instanceof ParseError) {
      problem = entry;
      break;
    }
    certificates.push(entry);
    offset += Math.ceil(entry.length / ALIGNMENT) * ALIGNMENT;
  }
  const trailing = { offset: Math.min(offset, end), size: Math.max(0, end - offset) };
  return { certificates, problem, trailing };
}

function readEntry(
  table: ByteReader,
  offset: number,
  end: number,
  count: number,
): WinCertificate | ParseError {
  if (count === MAX_CERTIFICATES)
    return new ParseError('too-many', offset, `more than ${MAX_CERTIFICATES} entries`);
  if (offset + HEADER_SIZE > end || !table.has(offset, HEADER_SIZE))
    return new ParseError('truncated', offset, 'the table ends inside a WIN_CERTIFICATE header');

  const length = table.u32(offset);
  if (length < HEADER_SIZE || offset + length > end)
    return new ParseError('bad-length', offset, `dwLength ${length} does not fit the table`);
  if (!table.has(offset, length))
    return new ParseError(
      'truncated',
      offset,
      `${length} bytes wanted, input ends at ${table.end}`,
    );

  const contentOffset = offset + HEADER_SIZE;
  return {
    offset,
    length,
    revision: table.u16(offset + 4),
    certificateType: table.u16(offset + 6),
    contentOffset,
    content: table.slice({ offset: contentOffset, size: length - HEADER_SIZE }),
  };
}

/** True where every byte from `offset` to `end` is at hand and zero: stops at the first that is not. */
function isZero(table: ByteReader, offset: number, end: number): boolean {
  if (!table.has(offset, end - offset)) return false;
  return table.slice({ offset, size: end - offset }).every((byte) => byte === 0);
}
