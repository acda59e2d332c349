import { ParseError } from '../bytes/parse-error.ts';
import { fileOffset, type HiveCells, NO_CELL } from './hive-cells.ts';
import { readName } from './read-name.ts';

/** What a value holds, by its type. */
export type RegistryData =
  /** REG_SZ, and REG_EXPAND_SZ with its variables as they stand. */
  | { readonly kind: 'text'; readonly text: string }
  /** REG_MULTI_SZ. */
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  /** REG_DWORD, little-endian. */
  | { readonly kind: 'number'; readonly number: number }
  /** REG_BINARY, and every type that is none of these. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** 'vk' and 'db', little-endian. */
const VALUE_SIGNATURE = 0x6b76;
const BIG_DATA_SIGNATURE = 0x6264;
const HEADER_SIZE = 20;
const NARROW_NAME = 0x0001;
/** The data, four bytes at most, stand where the offset would. */
const INLINE = 0x80000000;
/** Bytes of one segment of big data; what is not larger than one stands in a cell of its own. */
const SEGMENT_SIZE = 16_344;
/** Bytes of one value. Microsoft's list of root certificates, the largest we read, has some 200 KB. */
const MAX_SIZE = 16 * 1024 * 1024;

const REG_SZ = 1;
const REG_EXPAND_SZ = 2;
const REG_DWORD = 4;
const REG_MULTI_SZ = 7;

/** The name of the value in `cell`, '' for a key's default one. */
export function readValueName(cells: HiveCells, cell: number): string {
  const header = cells.read(cell, HEADER_SIZE);
  const at = header.start;
  if (header.u16(at) !== VALUE_SIGNATURE) throw new ParseError('bad-magic', at, 'no value');
  const size = header.u16(at + 2);
  const name = cells.read(cell, HEADER_SIZE + size).slice({ offset: at + HEADER_SIZE, size });
  return readName(name, (header.u16(at + 16) & NARROW_NAME) !== 0);
}

/**
 * What the value in `cell` holds. Throws ParseError `bad-length` above 16 MB.
 * Source: M. Suhanov, "Windows registry file format specification", "Key value", "Big data".
 */
export function readValueData(cells: HiveCells, cell: number): RegistryData {
  const header = cells.read(cell, HEADER_SIZE);
  const at = header.start;
  const size = header.u32(at + 4);
  const bytes =
    size >= INLINE
      ? header.slice({ offset: at + 8, size: Math.min(4, size - INLINE) })
      : readData(cells, header.u32(at + 8), size);
  return decode(header.u32(at + 12), bytes);
}

function readData(cells: HiveCells, cell: number, size: number): Uint8Array {
  if (size === 0 || cell === NO_CELL) return new Uint8Array();
  if (size > MAX_SIZE)
    throw new ParseError('bad-length', fileOffset(cell), `a value of ${size} bytes`);
  // Hives of the version before 1.4 keep what is larger than a segment in one cell, too.
  if (size > SEGMENT_SIZE && cells.sizeOf(cell) < size) return readBigData(cells, cell, size);
  const data = cells.read(cell, size);
  return data.slice({ offset: data.start, size });
}

/** Every segment but the last is full. */
function readBigData(cells: HiveCells, cell: number, size: number): Uint8Array {
  const header = cells.read(cell, 8);
  if (header.u16(header.start) !== BIG_DATA_SIGNATURE)
    throw new ParseError('bad-magic', header.start, `no big data for a value of ${size} bytes`);
  const count = header.u16(header.start + 2);
  const wanted = Math.ceil(size / SEGMENT_SIZE);
  if (count < wanted)
    throw new ParseError('bad-length', header.start, `${count} segments of ${wanted}`);
  const list = cells.read(header.u32(header.start + 4), wanted * 4);
  const bytes = new Uint8Array(size);
  for (let index = 0; index < wanted; index++) {
    const from = index * SEGMENT_SIZE;
    const length = Math.min(SEGMENT_SIZE, size - from);
    const segment = cells.read(list.u32(list.start + index * 4), length);
    bytes.set(segment.bytes, from);
  }
  return bytes;
}

function decode(type: number, bytes: Uint8Array): RegistryData {
  if (type === REG_SZ || type === REG_EXPAND_SZ) return { kind: 'text', text: firstText(bytes) };
  if (type === REG_MULTI_SZ) return { kind: 'texts', texts: texts(bytes) };
  if (type === REG_DWORD && bytes.length === 4)
    return { kind: 'number', number: Buffer.from(bytes).readUInt32LE() };
  return { kind: 'bytes', bytes };
}

/** Up to the first NUL, which is mostly but not always there. */
function firstText(bytes: Uint8Array): string {
  return texts(bytes)[0] ?? '';
}

/** An empty string ends them. */
function texts(bytes: Uint8Array): string[] {
  const all = readName(bytes, false).split('\0');
  const end = all.indexOf('');
  return end === -1 ? all : all.slice(0, end);
}
