import { lstatSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { systemProblem } from '../inspect/file-error.ts';
import type { Problem, ProblemReason } from '../inspect/file-outcome.ts';
import { type CloudFolders, isCloudOnly, noCloudFolders } from './cloud-folders.ts';
import { fsPath } from './disk-path.ts';
import { type Entry, folderEntries } from './folder-entries.ts';
import type { LeftOutMounts } from './left-out-mounts.ts';
import { LinkFollower } from './link-follower.ts';
import { isWithinItself, type ResolveLink } from './linked-places.ts';
import type { PathFilter } from './path-filter.ts';
import type { ScanRoots } from './scan-roots.ts';

export interface WalkOptions extends ScanRoots {
  readonly filter: PathFilter;
  readonly oneFileSystem: boolean;
  /** File systems not to enter from above, see leftOutMounts. */
  readonly leftOut: LeftOutMounts;
  /** How links are followed; undefined: they are not. */
  readonly resolveLink?: ResolveLink | undefined;
  /** What is wrong with a link that only looks like one; asked of each. undefined: a link is a link. */
  readonly linkProblem?: ((link: string) => Problem | undefined) | undefined;
  /** Folders in which files without content on the disk are left alone, see cloudFolders. */
  readonly cloudFolders?: CloudFolders | undefined;
}

/** What the walk saw and did not pass on. A directory left out counts as one path. */
export interface WalkTally {
  entries: number;
  directories: number;
  count(reason: WalkSkip): void;
  problem(problem: Problem): void;
}

/**
 * - `excluded`: by --exclude, or not among --include
 * - `symbolic-link`: a link that was not followed
 * - `broken-link`: a link that was to be followed and leads nowhere, or in circles
 * - `already-seen`: a link, or a directory that one led to, whose files the walk has passed on by another path
 * - `special-file`: a pipe, socket or device, or a link to one
 */
export type WalkSkip =
  | 'excluded'
  | 'symbolic-link'
  | 'broken-link'
  | 'already-seen'
  | 'special-file';

/** A root, or a directory that a link led to, while it is walked. */
interface Tree {
  /** Directories that are still to be listed. */
  readonly pending: string[];
  /** `st_dev` of the root, or of that where the link was met. */
  readonly rootDevice: number;
}

const isWindows = process.platform === 'win32';

/**
 * The absolute path of every regular file below the roots, depth first, in no promised order; where links are followed, what
 * they lead to comes last, by its own path and not by the link's.
 *
 * It runs on the main thread and only as far as its reader asks, so it never runs ahead of the workers. No file is asked
 * about: a stat for each would cost more than the walk. Each folder ends with a null, so that the reader gets a turn even
 * where no file passes.
 */
export function walk(options: WalkOptions, tally: WalkTally): Generator<string | null> {
  return new Walker(options, tally).everything();
}

class Walker {
  readonly #options: WalkOptions;
  readonly #tally: WalkTally;
  readonly #links: LinkFollower | undefined;
  readonly #cloudFolders: CloudFolders;
  /** Folders that hold something to look up among inner roots and mounts: to hash every path would cost a tenth of the walk. */
  readonly #lookedUp: ReadonlySet<string>;

  constructor(options: WalkOptions, tally: WalkTally) {
    this.#options = options;
    this.#tally = tally;
    this.#links = options.resolveLink && new LinkFollower(options, options.resolveLink, tally);
    this.#cloudFolders = options.cloudFolders ?? noCloudFolders;
    const special = [...options.innerRoots, ...options.leftOut.paths.keys()];
    this.#lookedUp = new Set(special.map((place) => path.dirname(place)));
  }

  *everything(): Generator<string | null> {
    for (const root of this.#options.roots) {
      if (root.kind === 'directory') {
        yield* this.#tree(root.path);
      } else {
        this.#tally.entries += 1;
        yield root.path;
      }
    }
    if (this.#links === undefined) return;
    for (const place of this.#links.directories()) yield* this.#tree(place.path, place.device);
    yield* this.#links.files();
  }

  /** `device` is that of the root where a link led here from; a root has its own. */
  *#tree(start: string, device?: number): Generator<string | null> {
    const pending = [start];
    let rootDevice = device;
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      try {
        // A root may be a link. Anything else was a directory when it was listed: a link is not to take its place.
        const stats = (folder === start ? statSync : lstatSync)(fsPath(folder));
        rootDevice ??= stats.dev;
        if (!this.#enters(folder, stats, rootDevice)) continue;
        if (this.#links?.enters(folder, device !== undefined) === false) continue;
        yield* this.#files(folder, stats, { pending, rootDevice });
        this.#tally.directories += 1;
      } catch (error) {
        this.#links?.leave(folder);
        this.#tally.problem(unreadableFolder(folder, error));
      }
      yield null;
    }
  }

  #enters(folder: string, stats: Stats, rootDevice: number): boolean {
    if (isWindows && stats.isSymbolicLink()) {
      this.#link(folder, rootDevice); // readdir may call a link to a directory a directory
      return false;
    }
    const reason = this.#reasonToLeave(stats, rootDevice);
    if (reason !== undefined) this.#tally.problem(leftOut(folder, reason));
    return reason === undefined;
  }

  #reasonToLeave(stats: Stats, rootDevice: number): ProblemReason | undefined {
    if (!stats.isDirectory()) return 'changed';
    if (stats.dev === rootDevice) return undefined;
    return this.#options.oneFileSystem
      ? 'other-file-system'
      : this.#options.leftOut.devices.get(stats.dev);
  }

  /** Yields the files of one folder and pushes its folders on `pending`. */
  *#files(folder: string, { size }: Stats, { pending, rootDevice }: Tree): Generator<string> {
    const { filter } = this.#options;
    const tally = this.#tally;
    const prefix = folder.endsWith(path.sep) ? folder : folder + path.sep;
    const isLookedUp = this.#lookedUp.has(folder);
    const isCloudFolder = this.#cloudFolders.has(folder);
    for (const listed of folderEntries(folder, size)) {
      tally.entries += 1;
      const whole = prefix + listed.name;
      if (isLookedUp && this.#isElsewhere(whole)) continue;
      const entry = isWindows && listed.isSymbolicLink() ? this.#reparsePoint(whole) : listed;
      if (entry === undefined) continue;
      if (entry.isFile()) {
        if (!filter.passesFile(whole)) tally.count('excluded');
        else if (!isCloudFolder || this.#isOnDisk(whole)) yield whole;
      } else if (entry.isDirectory()) {
        if (filter.entersDirectory(whole)) pending.push(whole);
        else tally.count('excluded');
      } else if (entry.isSymbolicLink()) {
        this.#link(whole, rootDevice);
      } else {
        tally.count('special-file');
      }
    }
  }

  #link(whole: string, rootDevice: number): void {
    const problem = this.#options.linkProblem?.(whole);
    if (problem !== undefined) this.#tally.problem(problem);
    else if (this.#links === undefined) this.#tally.count('symbolic-link');
    else this.#links.follow(whole, rootDevice);
  }

  /** A root of its own, or a mount that is left out. */
  #isElsewhere(whole: string): boolean {
    if (this.#options.innerRoots.has(whole)) return true;
    const reason = this.#options.leftOut.paths.get(whole);
    if (reason !== undefined) this.#tally.problem(leftOut(whole, reason));
    return reason !== undefined;
  }

  /**
   * What readdir calls a link on Windows may be any reparse point: a file that OneDrive or deduplication keeps, a volume mounted
   * into a folder. lstat tells: it calls links only what leads to another path. Source: libuv, win/fs.c, fs__readlink_handle.
   */
  #reparsePoint(whole: string): Omit<Entry, 'name'> | undefined {
    try {
      const stats = lstatSync(fsPath(whole));
      if (!stats.isDirectory() || !isWithinItself(whole)) return stats;
      this.#tally.problem(leftOut(whole, 'directory-loop'));
    } catch (error) {
      this.#tally.problem(systemProblem(whole, error));
    }
    return undefined;
  }

  #isOnDisk(file: string): boolean {
    try {
      if (!isCloudOnly(file)) return true;
      const detail = 'its content is with a cloud service, and was not fetched';
      this.#tally.problem({ path: file, reason: 'cloud-only', code: null, offset: null, detail });
    } catch (error) {
      this.#tally.problem(systemProblem(file, error));
    }
    return false;
  }
}

function leftOut(folder: string, reason: ProblemReason): Problem {
  const detail = reason === 'changed' ? 'no directory any more when its turn came' : 'not entered';
  return { path: folder, reason, code: null, offset: null, detail };
}

/** Where an entry of a folder has no kind of its own, readdir asks for it: if that one is gone, the folder is not. */
function unreadableFolder(folder: string, error: unknown): Problem {
  const problem = systemProblem(folder, error);
  const { path: failed = '' } = error as NodeJS.ErrnoException;
  const isOfEntry = String(failed) !== String(fsPath(folder));
  return problem.reason === 'gone' && isOfEntry ? { ...problem, reason: 'changed' } : problem;
}
