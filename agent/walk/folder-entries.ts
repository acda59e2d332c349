import { lstatSync, opendirSync, readdirSync } from 'node:fs';
import path from 'node:path';
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
  try {
    const entries = readdirSync(fsPath(folder), { withFileTypes: true });
    const isExact = !entries.some(({ name }) => name.includes(REPLACEMENT));
    return isExact ? entries : entriesByBytes(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return entriesByAsking(folder);
  }
}

/**
 * Some file systems do not say in a listing what an entry is. readdir then asks for each, and fails as a whole where one has
 * gone in between. Here that one counts as a file: whoever opens it will find that it has gone.
 */
function* entriesByAsking(folder: string): Generator<Entry> {
  for (const bytes of readdirSync(fsPath(folder), { encoding: 'buffer' })) {
    const name = pathFromBytes(bytes);
    const stats = lstatSync(fsPath(path.join(folder, name)), { throwIfNoEntry: false });
    yield {
      name,
      isDirectory: () => stats?.isDirectory() === true,
      isFile: () => stats?.isFile() !== false,
      isSymbolicLink: () => stats?.isSymbolicLink() === true,
    };
  }
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
