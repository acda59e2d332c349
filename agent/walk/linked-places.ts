import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { fsPath, pathFromBytes } from './disk-path.ts';

/**
 * Where a link leads: an absolute path without links in it. Throws what realpath throws: ENOENT and ELOOP for a broken
 * link. undefined: this link is not to be followed.
 */
export type ResolveLink = (link: string) => string | undefined;

/** Follows a link to wherever it leads on this machine. */
export function realPath(link: string): string {
  const real = realpathSync.native(fsPath(link), { encoding: 'buffer' });
  return pathFromBytes(real);
}

/** Where a link led, and the `st_dev` of the root below which it was met. */
export interface LinkedPlace {
  readonly path: string;
  readonly device: number;
}

/**
 * What links lead to, kept until the roots themselves have been walked: a file is then recorded by its own path, not by that
 * of a link which happened to be met first. Directories are known by device and inode, so that none is entered twice by way
 * of links and every loop ends; what the roots hold is walked whatever its inode number says, as some file systems repeat them.
 */
export class LinkedPlaces {
  readonly #seen = new Map<bigint, Set<bigint>>();
  readonly #directories = new Map<string, LinkedPlace>();
  readonly #files = new Map<string, LinkedPlace>();

  addDirectory(place: LinkedPlace): void {
    this.#directories.set(place.path, place);
  }

  addFile(place: LinkedPlace): void {
    this.#files.set(place.path, place);
  }

  /** Those that are added while the reader goes through them come as well. Maps keep their order of insertion. */
  directories(): Iterable<LinkedPlace> {
    return this.#directories.values();
  }

  files(): Iterable<LinkedPlace> {
    return this.#files.values();
  }

  /** False where this directory has been entered before. */
  enter(directory: string): boolean {
    const { dev, ino } = identify(directory);
    const inodes = this.#seen.get(dev) ?? new Set();
    this.#seen.set(dev, inodes);
    if (inodes.has(ino)) return false;
    inodes.add(ino);
    return true;
  }

  /** It could not be listed: a file in it may still be reached by a link of its own. */
  leave(directory: string): void {
    const { dev, ino } = identify(directory);
    this.#seen.get(dev)?.delete(ino);
  }

  /** Whether the folder that holds `file` was listed. */
  hasListedFolderOf(file: string): boolean {
    const { dev, ino } = identify(path.dirname(file));
    return this.#seen.get(dev)?.has(ino) === true;
  }
}

/**
 * Whether a directory is one of those that it lies in. Windows mounts a volume into a folder without a loop being
 * noticed: C: below itself never ends.
 */
export function isWithinItself(directory: string): boolean {
  const own = identify(directory);
  for (let at = directory; at !== path.dirname(at); ) {
    at = path.dirname(at);
    const { dev, ino } = identify(at);
    if (dev === own.dev && ino === own.ino) return true;
  }
  return false;
}

/** As whole numbers: those of NTFS and of overlayfs pass 2^53. */
function identify(directory: string): { dev: bigint; ino: bigint } {
  return statSync(fsPath(directory), { bigint: true });
}
