import { constants, openSync } from 'node:fs';
import { fsPath } from '../walk/disk-path.ts';
import { readBytes } from './read-bytes.ts';

/**
 * The walk gives regular files only; these keep a pipe or a link that has taken the place of one from holding us up.
 * Windows has neither flag.
 */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
/** Linux: reading leaves the access time as it is. Only for the files of one's own, and for root. */
const NO_ACCESS_TIME = constants.O_NOATIME ?? 0;
/** Refusals in a row after which the flag is given up: someone else's files mostly lie together. */
const MOST_REFUSALS = 32;

let refusals = NO_ACCESS_TIME === 0 ? MOST_REFUSALS : 0;

/** A descriptor for the regular file at `path`. Throws what the system says. */
export function openFile(path: string): number {
  if (refusals >= MOST_REFUSALS) return openSync(fsPath(path), OPEN_FLAGS);
  try {
    const descriptor = openSync(fsPath(path), OPEN_FLAGS | NO_ACCESS_TIME);
    refusals = 0;
    return descriptor;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    refusals += 1;
    return openSync(fsPath(path), OPEN_FLAGS);
  }
}

/** Bytes of a file that say what it is. */
export const HEADER_SIZE = 4096;

/** One buffer a thread, for ever. */
const header = Buffer.allocUnsafeSlow(HEADER_SIZE);

/** The first bytes of the file, fewer where it is shorter. Overwritten by the next call. */
export function readHeader(descriptor: number): Buffer {
  return header.subarray(0, readBytes(descriptor, header, 0, HEADER_SIZE, 0));
}
