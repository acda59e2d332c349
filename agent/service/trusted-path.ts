import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import path from 'node:path';
import { CommandError } from '../exit-status.ts';

/** Links on one way; as many as Linux follows. */
const MOST_LINKS = 40;
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/** Why others could change what is at a path; undefined where they cannot. */
export type TrustComplaint = { readonly path: string; readonly reason: string } | undefined;

/**
 * Whether anybody but root and `user` could change or replace `target`: looks at it, at every folder above it and at every
 * link on the way (POSIX). A folder in which only owners may rename, as /tmp, is no danger to what one of them owns. What is
 * not there yet is judged by the folder that would hold it. Source: the checks of OpenSSH's auth_secure_path().
 */
export function othersCanWrite(target: string, user: number): TrustComplaint {
  try {
    return firstComplaint(target, user);
  } catch (error) {
    const { code, path: place = target } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { path: place, reason: `cannot be examined (${code})` };
  }
}

function firstComplaint(target: string, user: number): TrustComplaint {
  const pending = path.resolve(target).split(path.sep).filter(Boolean);
  let place = '/';
  let links = 0;
  let complaint = complaintAbout(place, lstatSync(place), user);
  while (pending.length > 0 && complaint === undefined) {
    const name = pending.shift() ?? '';
    if (name === '..') {
      place = path.dirname(place);
      continue;
    }
    const next = path.join(place, name);
    const stats = lstatSync(next, { throwIfNoEntry: false });
    if (stats === undefined) return othersCanCreate(place, next);
    complaint = complaintAbout(next, stats, user);
    if (complaint === undefined && stats.isSymbolicLink()) {
      links += 1;
      if (links > MOST_LINKS) return { path: next, reason: 'is a link in a circle' };
      const to = readlinkSync(next);
      pending.unshift(...to.split(path.sep).filter((part) => part !== '' && part !== '.'));
      if (path.isAbsolute(to)) place = '/';
      continue;
    }
    place = next;
  }
  return complaint;
}

/** In a sticky folder what is not there yet can be anybody's. */
function othersCanCreate(folder: string, file: string): TrustComplaint {
  const { mode } = lstatSync(folder);
  if ((mode & WRITABLE_BY_OTHERS) === 0) return undefined;
  return { path: file, reason: 'is not there, and others could make it' };
}

function complaintAbout(file: string, stats: Stats, user: number): TrustComplaint {
  const { uid, mode } = stats;
  if (uid !== 0 && uid !== user) return { path: file, reason: `belongs to user ${uid}` };
  if (stats.isSymbolicLink()) return undefined; // its mode means nothing
  const isShared = stats.isDirectory() && (mode & STICKY) !== 0;
  if (isShared || (mode & WRITABLE_BY_OTHERS) === 0) return undefined;
  const octal = (mode & 0o7777).toString(8).padStart(4, '0');
  return { path: file, reason: `can be written by others (mode ${octal})` };
}

/** What the agent trusts, and what it is called. */
export interface TrustedPlace {
  readonly name: string;
  readonly path: string;
}

/**
 * Throws CommandError where anybody but an administrator or the user of this process could change one of `places`: a sweep that
 * runs as root must not take its orders from others.
 */
export function refuseWritableByOthers(places: readonly TrustedPlace[]): void {
  const user = process.getuid?.();
  if (user === undefined) return; // Windows: rights are set by `install`, and not looked at here
  const complaints = places.flatMap(({ name, path: file }) => {
    const complaint = othersCanWrite(file, user);
    if (complaint === undefined) return [];
    const { path: place, reason } = complaint;
    const which = place === file ? `${file} ${reason}` : `${file}: ${place} ${reason}`;
    return [`${name}: ${which}`];
  });
  if (complaints.length > 0)
    throw new CommandError(
      `others could change what this agent trusts:\n${complaints.join('\n')}\nchown and chmod these so that only root or this user can write them.`,
    );
}
