import type { ByteRange, ByteReader } from '../bytes/byte-reader.ts';
import { type FileSource, readWindow } from '../bytes/file-source.ts';
import { ParseError } from '../bytes/parse-error.ts';
import type { RvaRange } from './pe-layout.ts';

const DIRECTORY_SIZE = 16;
const ENTRY_SIZE = 8;
const DATA_ENTRY_SIZE = 16;
/** Set in an entry's offset where it leads to a directory, clear where it leads to data. */
const SUBDIRECTORY = 0x80000000;
/** Programs with thousands of icons or strings have that many entries on a level. */
const MAX_ENTRIES = 16_384;

/**
 * Where the image has the resource of a type and id; undefined where it has none. Of several languages the first of
 * `languages` (LANGIDs) that is there counts, else the first in the file.
 *
 * The tree has three levels, type, id and language, and its offsets count from `root`, which reaches to the end of the
 * section. It is walked down one path: a loop is three directories like any other. Only the place of the data is an RVA.
 * Source: PE/COFF spec, "The .rsrc Section".
 */
export function findResource(
  source: FileSource,
  root: ByteRange,
  { type, id }: { readonly type: number; readonly id: number },
  languages: readonly number[],
): RvaRange | undefined {
  const ids = readDirectory(source, root, 0).get(type);
  if (ids === undefined) return undefined;
  const inLanguages = readDirectory(source, root, directoryOf(ids)).get(id);
  if (inLanguages === undefined) return undefined;

  const entries = readDirectory(source, root, directoryOf(inLanguages));
  const language = languages.find((wanted) => entries.has(wanted)) ?? entries.keys().next().value;
  const data = language === undefined ? undefined : entries.get(language);
  if (data === undefined) return undefined;
  const entry = window(source, root, dataOf(data), DATA_ENTRY_SIZE);
  return { rva: entry.u32(entry.start), size: entry.u32(entry.start + 4) };
}

/** An entry of a directory: its own file offset, and where it leads. */
interface DirectoryEntry {
  readonly at: number;
  readonly offset: number;
}

/** By id, in file order. Entries with a name come before those with an id and are passed over. */
function readDirectory(
  source: FileSource,
  root: ByteRange,
  offset: number,
): Map<number, DirectoryEntry> {
  const header = window(source, root, offset, DIRECTORY_SIZE);
  const named = header.u16(header.start + 12);
  const count = header.u16(header.start + 14);
  if (named + count > MAX_ENTRIES) {
    const message = `${named + count} entries in a resource directory, limit ${MAX_ENTRIES}`;
    throw new ParseError('too-many', header.start, message);
  }
  const table = window(
    source,
    root,
    offset + DIRECTORY_SIZE + named * ENTRY_SIZE,
    count * ENTRY_SIZE,
  );
  const entries = new Map<number, DirectoryEntry>();
  for (let at = table.start; at < table.end; at += ENTRY_SIZE) {
    const id = table.u32(at);
    if (!entries.has(id)) entries.set(id, { at, offset: table.u32(at + 4) });
  }
  return entries;
}

function directoryOf({ at, offset }: DirectoryEntry): number {
  if (offset >= SUBDIRECTORY) return offset - SUBDIRECTORY;
  throw new ParseError('bad-value', at, 'data where a resource directory belongs');
}

function dataOf({ at, offset }: DirectoryEntry): number {
  if (offset < SUBDIRECTORY) return offset;
  throw new ParseError('bad-value', at, 'a resource directory more than three deep');
}

function window(source: FileSource, root: ByteRange, offset: number, size: number): ByteReader {
  const at = root.offset + offset;
  if (offset + size > root.size)
    throw new ParseError('bad-length', at, 'a resource directory runs past its section');
  return readWindow(source, { offset: at, size });
}
