import type { Stats } from 'node:fs';
import path from 'node:path';

/**
 * What tells that a file is not as it was: size in bytes, mtime and ctime in milliseconds since 1970 (as a double, to some
 * 250 ns), inode and device. Inodes of NTFS pass 2^53: of those the last bits are lost, which takes no change out of sight.
 */
export const FINGERPRINT_LENGTH = 5;

/** Appends the FINGERPRINT_LENGTH numbers of a file. */
export function pushFingerprint({ size, mtimeMs, ctimeMs, ino, dev }: Stats, to: number[]): void {
  to.push(size, mtimeMs, ctimeMs, ino, dev);
}

/** Milliseconds. A clock tick of Linux has at most 10, which is what ext4, xfs, btrfs and tmpfs stamp files with. */
const FINE_WINDOW = 250;
/** Milliseconds. FAT counts in two seconds. */
const COARSE_WINDOW = 2_000;

/**
 * Whether a write after the reading could leave the same times behind, because the file was written just before: what was
 * read then says nothing about the next sweep. Source: git, "Documentation/technical/racy-git".
 *
 * The change time decides, which no program can set on POSIX systems. A time in the future is no evidence of anything.
 */
export function isRacy({ mtimeMs, ctimeMs }: Stats, readMs: number): boolean {
  if (ctimeMs > readMs - windowOf(ctimeMs)) return true;
  return Math.abs(mtimeMs - readMs) < windowOf(mtimeMs);
}

/** A file system that keeps parts of milliseconds ticks at least as often as the clock. */
function windowOf(ms: number): number {
  return Number.isInteger(ms) ? COARSE_WINDOW : FINE_WINDOW;
}

const DAY = 24 * 60 * 60;
const REREAD_DAYS = 30;
/** Readings of one day are spread over this many. */
const SPREAD_DAYS = 10;

/**
 * The second (Unix time) at which a file read at `readMs` is read again in any case: 20 to 30 days later, by its name, so
 * that a disk that was read in an hour is not read again in one.
 */
export function rereadDue(readMs: number, file: string): number {
  const share = (hashOf(file) % 4096) / 4096;
  return Math.floor(readMs / 1000 + (REREAD_DAYS - share * SPREAD_DAYS) * DAY);
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** A path as the state keeps it. */
export interface StatePath {
  readonly folder: string;
  readonly name: string;
}

/** `file` is absolute. The folder comes without the separator after it, so the root is the empty text. */
export function splitPath(file: string): StatePath {
  const at = file.lastIndexOf(path.sep);
  return { folder: file.slice(0, at), name: file.slice(at + 1) };
}

export function joinPath({ folder, name }: StatePath): string {
  return folder + path.sep + name;
}

/** SQLite's text is UTF-8: what is not valid Unicode goes in as UTF-16 bytes, which no text equals. */
export function toKey(text: string): string | Uint8Array {
  return text.isWellFormed() ? text : Buffer.from(text, 'utf16le');
}

export function fromKey(key: unknown): string {
  return key instanceof Uint8Array ? Buffer.from(key).toString('utf16le') : String(key);
}
