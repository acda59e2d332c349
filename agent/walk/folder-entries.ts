import { opendirSync, readdirSync } from 'node:fs';
import { fsPath, pathFromBytes } from './disk-path.ts';

/** What readdir and opendir both give. */
export interface Entry {
  readonly name: string;
  isDirectory(): boolean;
  isFile(): boolean;
  isSymbolicLink(): boolean;
}

/** Bytes of a directory itself above which its entries are read one by one: some 20,000 names on ext4. */
const LARGE_DIRECTORY = 1024 * 1024;
const ATTEMPTS = 5;
/** What UTF-8 decoding leaves of a byte that is none. */
const REPLACEMENT = '\ufffd';

/**
 * The entries of a folder, whose own size is `size` bytes. Most are read at once by readdir (436k entries/s; opendir 230k,
 * fast-glob 115–165k), very large ones by opendir, which holds a few names at a time: a listing of a million names would
 * take 275 MB.
 */
export function folderEntries(folder: string, size: number): Iterable<Entry> {
  return size > LARGE_DIRECTORY ? eachEntry(folder) : allEntries(folder);
}

function allEntries(folder: string): Iterable<Entry> {
  const entries = readEntries(folder);
  return entries.some(({ name }) => name.includes(REPLACEMENT)) ? entriesByBytes(folder) : entries;
}

/** Names whose bytes are not UTF-8 are left for a second reading, which is only done where there are such. */
function* eachEntry(folder: string): Generator<Entry> {
  const directory = opendirSync(fsPath(folder), { bufferSize: 64 });
  let again = false;
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
      if (entry.name.includes(REPLACEMENT)) again = true;
      else yield entry;
    }
  } finally {
    directory.closeSync();
  }
  if (!again) return;
  for (const entry of entriesByBytes(folder)) {
    if (!entry.name.isWellFormed() || entry.name.includes(REPLACEMENT)) yield entry;
  }
}

/** Slower, and exact: each name from its bytes. */
function* entriesByBytes(folder: string): Generator<Entry> {
  for (const entry of readdirSync(fsPath(folder), { withFileTypes: true, encoding: 'buffer' })) {
    yield {
      name: pathFromBytes(entry.name),
      isDirectory: () => entry.isDirectory(),
      isFile: () => entry.isFile(),
      isSymbolicLink: () => entry.isSymbolicLink(),
    };
  }
}

/**
 * Some file systems do not say in a listing what an entry is. readdir then asks for each, and fails as a whole where one has
 * gone in between.
 */
function readEntries(folder: string): Entry[] {
  for (let attempt = 1; ; attempt++) {
    try {
      return readdirSync(fsPath(folder), { withFileTypes: true });
    } catch (error) {
      if (attempt === ATTEMPTS || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}
