import type { ByteRange } from '../bytes/byte-reader.ts';
import type { PeLayout } from './pe-layout.ts';

const CHECKSUM_SIZE = 4;
const DIRECTORY_ENTRY_SIZE = 8;

/**
 * The bytes of the file that Authenticode hashes, ascending: everything but CheckSum, the security directory entry and
 * the certificate table. Bytes after the table are hashed too, so appending one byte breaks the signature.
 *
 * The specification sorts the sections; where they do not overlap, that is file order. A table that cannot be right is
 * not a table: its bytes are hashed. Source: Authenticode_PE.docx, "Calculating the PE Image Hash".
 */
export function imageDigestRanges(layout: PeLayout): ByteRange[] {
  const excluded: ByteRange[] = [{ offset: layout.checksumOffset, size: CHECKSUM_SIZE }];
  if (layout.securityDirectoryOffset !== null)
    excluded.push({ offset: layout.securityDirectoryOffset, size: DIRECTORY_ENTRY_SIZE });
  if (layout.certificateTable !== null) excluded.push(layout.certificateTable);

  const ranges: ByteRange[] = [];
  let offset = 0;
  for (const hole of excluded) {
    if (hole.offset > offset) ranges.push({ offset, size: hole.offset - offset });
    offset = hole.offset + hole.size;
  }
  if (layout.fileSize > offset) ranges.push({ offset, size: layout.fileSize - offset });
  return ranges;
}
