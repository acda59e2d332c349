import type { ByteRange, ByteReader } from '../bytes/byte-reader.ts';
import { type FileSource, readWindow } from '../bytes/file-source.ts';
import { ParseError } from '../bytes/parse-error.ts';

/** Where the bytes of a section are in the file, and where the loaded image has them. */
export interface Section {
  readonly virtualAddress: number;
  /** Bytes: SizeOfRawData. */
  readonly size: number;
  /** PointerToRawData. */
  readonly fileOffset: number;
}

const HEADER_SIZE = 40;
/** What the Windows loader allows. */
const MAX_SECTIONS = 96;

/** The section headers in `table`, in file order. Source: PE/COFF spec, "Section Table (Section Headers)". */
export function readSections(source: FileSource, table: ByteRange): Section[] {
  const count = table.size / HEADER_SIZE;
  if (count > MAX_SECTIONS)
    throw new ParseError('too-many', table.offset, `${count} sections, limit ${MAX_SECTIONS}`);
  const headers = readWindow(source, table);
  return Array.from({ length: count }, (_, index) =>
    readSection(headers, table.offset + index * HEADER_SIZE),
  );
}

function readSection(headers: ByteReader, at: number): Section {
  return {
    virtualAddress: headers.u32(at + 12),
    size: headers.u32(at + 16),
    fileOffset: headers.u32(at + 20),
  };
}

/**
 * The bytes of the file from the address `rva` to the end of its section. Throws `bad-value` where no section holds it.
 *
 * Bytes that only the loaded image has, between SizeOfRawData and VirtualSize, are zeros and not in the file. The first
 * section that holds the address counts, as in Windows' RtlImageRvaToSection.
 */
export function fileRangeFrom(sections: readonly Section[], rva: number): ByteRange {
  const section = sections.find(
    ({ virtualAddress, size }) => rva >= virtualAddress && rva < virtualAddress + size,
  );
  if (section === undefined)
    throw new ParseError('bad-value', 0, `no section holds the address 0x${rva.toString(16)}`);
  const within = rva - section.virtualAddress;
  return { offset: section.fileOffset + within, size: section.size - within };
}
