import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { foldName } from '../../parsers/registry/fold-name.ts';
import { fsPath } from '../walk/disk-path.ts';

/**
 * The path on disk of `names` below `folder`, each name in the case in which it is stored; undefined where there is no such
 * file. No link is followed: one in an image may lead to this machine's own files.
 *
 * Of several names that differ in case only, the one that is spelled as asked wins, else the first in their order.
 */
export function findInside(folder: string, ...names: readonly string[]): string | undefined {
  let place = folder;
  for (const [index, name] of names.entries()) {
    const entry = findEntry(place, name);
    if (entry === undefined || entry.isSymbolicLink()) return undefined;
    if (index < names.length - 1 && !entry.isDirectory()) return undefined;
    place = path.join(place, entry.name);
  }
  return place;
}

export function isFolder(place: string | undefined): place is string {
  return place !== undefined && lstatSync(fsPath(place)).isDirectory();
}

/** What `folder` holds under that name, in whatever case. */
export function findEntry(folder: string, name: string): Dirent | undefined {
  const folded = foldName(name);
  const found = entriesOf(folder)
    .filter((entry) => foldName(entry.name) === folded)
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  return found.find((entry) => entry.name === name) ?? found[0];
}

/** None where the folder is not there, or not ours to read: nothing is then found in it. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(fsPath(folder), { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return [];
  }
}
