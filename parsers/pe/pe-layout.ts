import type { ByteRange, ByteReader } from '../bytes/byte-reader.ts';
import { ParseError } from '../bytes/parse-error.ts';

/** Where an image places bytes once it is loaded: `rva` from its base address, `size` in bytes. No file offset. */
export interface RvaRange {
  readonly rva: number;
  readonly size: number;
}

/** Where the parts of a PE file are that Authenticode and the version info need. Offsets are file offsets in bytes. */
export interface PeLayout {
  readonly kind: 'pe32' | 'pe32+';
  readonly ntHeadersOffset: number;
  /** The 4-byte CheckSum field of the optional header. */
  readonly checksumOffset: number;
  /** The 8-byte entry IMAGE_DIRECTORY_ENTRY_SECURITY; null where the header declares fewer than five directories. */
  readonly securityDirectoryOffset: number | null;
  /** null where the file has no table, and where the entry cannot be right: the problem then says why. */
  readonly certificateTable: ByteRange | null;
  readonly certificateTableProblem: ParseError | null;
  /** As the header has it, unchecked; the optional header's declared size decides where it begins. */
  readonly sectionTable: ByteRange;
  /** IMAGE_DIRECTORY_ENTRY_RESOURCE, unchecked; null where there is none. */
  readonly resourceTable: RvaRange | null;
  readonly fileSize: number;
}

/** Bytes from the NT headers on that readPeLayout needs at most: up to the end of the security entry of a PE32+. */
export const PE_HEADER_BYTES = 176;

const MZ = 0x5a4d;
const PE_SIGNATURE = 0x4550;
/** Signature (4) and IMAGE_FILE_HEADER (20) stand before the optional header. */
const OPTIONAL_HEADER = 24;
const CHECKSUM = OPTIONAL_HEADER + 64;
const NUMBER_OF_SECTIONS = 6;
const SIZE_OF_OPTIONAL_HEADER = 20;
const SECTION_HEADER_SIZE = 40;
const RESOURCE_DIRECTORY_INDEX = 2;
const SECURITY_DIRECTORY_INDEX = 4;
const DIRECTORY_ENTRY_SIZE = 8;

/** `Magic` of the optional header, and where NumberOfRvaAndSizes is, counted from the NT headers. */
const OPTIONAL_HEADERS = new Map([
  [0x10b, { kind: 'pe32', directoryCount: OPTIONAL_HEADER + 92 }],
  [0x20b, { kind: 'pe32+', directoryCount: OPTIONAL_HEADER + 108 }],
] as const);

/** e_lfanew of the DOS header, which may point anywhere in 4 GiB. Throws `bad-magic` where the file is not MZ. */
export function ntHeadersOffset(file: ByteReader): number {
  if (file.u16(0) !== MZ) throw new ParseError('bad-magic', 0, 'no MZ at the start of the file');
  return file.u32(0x3c);
}

/** True where `PE\0\0` stands at `offset`. False where those four bytes are not at hand. */
export function isPeSignature(file: ByteReader, offset: number): boolean {
  return file.has(offset, 4) && file.u32(offset) === PE_SIGNATURE;
}

/**
 * Finds CheckSum, security directory and certificate table. `file` may hold only the first bytes of the file: throws
 * ParseError `truncated` where it holds too few, so that the caller can read PE_HEADER_BYTES from the NT headers on and
 * pass their offset as `start`.
 *
 * SizeOfOptionalHeader is not consulted, nor does osslsigncode: a zero there must not hide a signature. Only the section
 * table hangs on it. The security directory is the one whose "RVA" is a file offset.
 * Source: PE/COFF spec, "Optional Header (Image Only)", "The Attribute Certificate Table (Image Only)".
 */
export function readPeLayout(
  file: ByteReader,
  fileSize: number,
  start = ntHeadersOffset(file),
): PeLayout {
  if (file.u32(start) !== PE_SIGNATURE) throw new ParseError('bad-magic', start, 'no PE signature');

  const magic = file.u16(start + OPTIONAL_HEADER);
  const header = OPTIONAL_HEADERS.get(magic as 0x10b | 0x20b);
  if (header === undefined) {
    const message = `optional header magic 0x${magic.toString(16)} is neither PE32 nor PE32+`;
    throw new ParseError('bad-magic', start + OPTIONAL_HEADER, message);
  }
  const directoryCount = file.u32(start + header.directoryCount);
  const directories = start + header.directoryCount + 4;
  const found = {
    kind: header.kind,
    ntHeadersOffset: start,
    checksumOffset: start + CHECKSUM,
    sectionTable: {
      offset: start + OPTIONAL_HEADER + file.u16(start + SIZE_OF_OPTIONAL_HEADER),
      size: file.u16(start + NUMBER_OF_SECTIONS) * SECTION_HEADER_SIZE,
    },
    resourceTable: resourceTable(file, directories, directoryCount),
    fileSize,
  };
  if (directoryCount <= SECURITY_DIRECTORY_INDEX) {
    const nothing = { certificateTable: null, certificateTableProblem: null };
    return { ...found, securityDirectoryOffset: null, ...nothing };
  }
  const entry = directories + SECURITY_DIRECTORY_INDEX * DIRECTORY_ENTRY_SIZE;
  const table = { offset: file.u32(entry), size: file.u32(entry + 4) };
  const problem = certificateTableProblem(table, entry, fileSize);
  return {
    ...found,
    securityDirectoryOffset: entry,
    certificateTable: table.size === 0 || problem !== null ? null : table,
    certificateTableProblem: problem,
  };
}

function resourceTable(
  file: ByteReader,
  directories: number,
  directoryCount: number,
): RvaRange | null {
  const entry = directories + RESOURCE_DIRECTORY_INDEX * DIRECTORY_ENTRY_SIZE;
  if (directoryCount <= RESOURCE_DIRECTORY_INDEX || !file.has(entry, DIRECTORY_ENTRY_SIZE))
    return null;
  const table = { rva: file.u32(entry), size: file.u32(entry + 4) };
  return table.rva === 0 || table.size === 0 ? null : table;
}

/** A size of 0 means "no table", whatever the offset says. Everything else must lie behind the entry, inside the file. */
function certificateTableProblem(
  table: ByteRange,
  entry: number,
  fileSize: number,
): ParseError | null {
  if (table.size === 0) return null;
  const where = `certificate table of ${table.size} bytes at ${table.offset}`;
  if (table.offset < entry + DIRECTORY_ENTRY_SIZE)
    return new ParseError('bad-value', entry, `${where} overlaps the headers`);
  if (table.offset + table.size > fileSize)
    return new ParseError('bad-length', entry, `${where} runs past the file's ${fileSize} bytes`);
  return null;
}
