import type { ByteRange, ByteReader } from '../bytes/byte-reader.ts';
import { type FileSource, readWindow } from '../bytes/file-source.ts';
import { ParseError } from '../bytes/parse-error.ts';

/** One entry of the central directory. Sizes are bytes, offsets file offsets. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly localHeaderOffset: number;
  /** Its record in the central directory. */
  readonly record: ByteRange;
}

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  /** From the first record of the central directory to the last. */
  readonly range: ByteRange;
  /** undefined in an archive without the ZIP64 records. */
  readonly zip64: { readonly record: ByteRange; readonly locator: ByteRange } | undefined;
  /** The end of central directory record with its comment. */
  readonly end: ByteRange;
}

const END_SIZE = 22;
const END_SIGNATURE = 0x06054b50;
const LOCATOR_SIZE = 20;
const LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_END_SIZE = 56;
const ZIP64_END_SIGNATURE = 0x06064b50;
const RECORD_SIZE = 46;
const RECORD_SIGNATURE = 0x02014b50;
const ZIP64_EXTRA = 0x0001;
const IN_ZIP64 = 0xffffffff;
const MAX_DIRECTORY = 64 * 1024 * 1024;
const MAX_ENTRIES = 100_000;

/**
 * Reads the central directory of an archive that ends with it. A comment may follow, nothing else: what Windows' packaging
 * writes, and all that a package may be.
 *
 * Source: PKWARE APPNOTE.TXT §4.3.12 to §4.3.16, §4.5.3.
 */
export function readZipDirectory(source: FileSource): ZipDirectory {
  const end = findEnd(source);
  const zip64 = readZip64(source, end.range);
  const range = zip64?.directory ?? {
    offset: end.reader.u32(end.range.offset + 16),
    size: end.reader.u32(end.range.offset + 12),
  };
  if (range.size > MAX_DIRECTORY || range.offset + range.size > end.range.offset)
    throw new ParseError(
      'bad-length',
      end.range.offset,
      `a central directory of ${range.size} bytes`,
    );
  return { entries: readEntries(readWindow(source, range)), range, zip64, end: end.range };
}

/** The last record that could be the end and whose comment runs to the end of the file. */
function findEnd(source: FileSource): { range: ByteRange; reader: ByteReader } {
  const size = Math.min(source.size, END_SIZE + 0xffff);
  const reader = readWindow(source, { offset: source.size - size, size });
  for (let at = reader.end - END_SIZE; at >= reader.start; at--) {
    if (reader.u8(at) !== 0x50 || reader.u32(at) !== END_SIGNATURE) continue;
    const recordSize = END_SIZE + reader.u16(at + 20);
    if (at + recordSize === reader.end) return { range: { offset: at, size: recordSize }, reader };
  }
  throw new ParseError('bad-magic', source.size, 'no end of central directory record');
}

function readZip64(source: FileSource, end: ByteRange) {
  const locator = { offset: end.offset - LOCATOR_SIZE, size: LOCATOR_SIZE };
  if (locator.offset < 0) return undefined;
  const pointer = readWindow(source, locator);
  if (pointer.u32(locator.offset) !== LOCATOR_SIGNATURE) return undefined;

  const offset = u64(pointer, locator.offset + 8);
  const record = { offset, size: locator.offset - offset };
  if (record.size < ZIP64_END_SIZE || record.size > MAX_DIRECTORY)
    throw new ParseError('bad-value', locator.offset, 'the ZIP64 record is not before its locator');
  const fields = readWindow(source, { offset, size: ZIP64_END_SIZE });
  if (fields.u32(offset) !== ZIP64_END_SIGNATURE)
    throw new ParseError('bad-magic', offset, 'no ZIP64 end of central directory record');
  const directory = { offset: u64(fields, offset + 48), size: u64(fields, offset + 40) };
  return { record, locator, directory };
}

function readEntries(directory: ByteReader): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = directory.start; at < directory.end; ) {
    if (entries.length === MAX_ENTRIES)
      throw new ParseError('too-many', at, `more than ${MAX_ENTRIES} entries`);
    if (directory.u32(at) !== RECORD_SIGNATURE)
      throw new ParseError('bad-magic', at, 'no central directory record');
    const entry = readEntry(directory, at);
    entries.push(entry);
    at += entry.record.size;
  }
  return entries;
}

function readEntry(directory: ByteReader, at: number): ZipEntry {
  const nameSize = directory.u16(at + 28);
  const extra = { offset: at + RECORD_SIZE + nameSize, size: directory.u16(at + 30) };
  const size = RECORD_SIZE + nameSize + extra.size + directory.u16(at + 32);
  const name = directory.slice({ offset: at + RECORD_SIZE, size: nameSize });
  directory.slice({ offset: at, size }); // all of it is there
  const [uncompressedSize, compressedSize, localHeaderOffset] = zip64Fields(directory, extra, [
    directory.u32(at + 24),
    directory.u32(at + 20),
    directory.u32(at + 42),
  ]);
  return {
    name: new TextDecoder().decode(name),
    method: directory.u16(at + 10),
    compressedSize,
    uncompressedSize,
    localHeaderOffset,
    record: { offset: at, size },
  };
}

type Fields = readonly [uncompressedSize: number, compressedSize: number, offset: number];

/** Those of the three fields that are all ones stand in the ZIP64 extra field, in this order. */
function zip64Fields(directory: ByteReader, extra: ByteRange, fields: Fields): Fields {
  if (!fields.includes(IN_ZIP64)) return fields;
  const end = extra.offset + extra.size;
  for (let at = extra.offset; at + 4 <= end; at += 4 + directory.u16(at + 2)) {
    if (directory.u16(at) !== ZIP64_EXTRA) continue;
    let value = at + 4;
    const wide = (field: number) => {
      if (field !== IN_ZIP64) return field;
      value += 8;
      return u64(directory, value - 8);
    };
    return [wide(fields[0]), wide(fields[1]), wide(fields[2])];
  }
  throw new ParseError('bad-value', extra.offset, 'the ZIP64 extra field is missing');
}

/** As a plain number: above 2^53 it is inexact, and far past the end of any file. */
function u64(reader: ByteReader, offset: number): number {
  return reader.u32(offset) + reader.u32(offset + 4) * 2 ** 32;
}
