import { type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { systemProblem } from '../inspect/file-error.ts';
import type { ProblemReason } from '../inspect/file-outcome.ts';
import { fsPath } from './disk-path.ts';
import { type LinkedPlace, LinkedPlaces, type ResolveLink } from './linked-places.ts';
import type { WalkOptions, WalkTally } from './walk.ts';

const LEADS_NOWHERE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/** `--follow-links`: what becomes of each link, and of what links lead to. */
export class LinkFollower {
  readonly #options: WalkOptions;
  readonly #resolve: ResolveLink;
  readonly #tally: WalkTally;
  readonly #places = new LinkedPlaces();

  constructor(options: WalkOptions, resolve: ResolveLink, tally: WalkTally) {
    this.#options = options;
    this.#resolve = resolve;
    this.#tally = tally;
  }

  /** Notes where `link` leads. `device` is the `st_dev` of the root below which it was met. */
  follow(link: string, device: number): void {
    if (this.#isExcluded(link)) {
      this.#tally.count('excluded');
      return;
    }
    try {
      const real = this.#resolve(link);
      if (real === undefined) this.#tally.count('symbolic-link');
      else if (this.#isBelowExcluded(real)) this.#tally.count('excluded');
      else this.#note({ path: real, device }, link, statSync(fsPath(real)));
    } catch (error) {
      const problem = systemProblem(link, error);
      if (LEADS_NOWHERE.has(problem.code ?? '')) this.#tally.count('broken-link');
      else this.#tally.problem(problem);
    }
  }

  /** Whether to list a directory; one that a link led to, or that lies below such, is listed once. */
  enters(directory: string, isLinked: boolean): boolean {
    const isNew = this.#places.enter(directory);
    if (isNew || !isLinked) return true;
    this.#tally.count('already-seen');
    return false;
  }

  /** It could not be listed. */
  leave(directory: string): void {
    this.#places.leave(directory);
  }

  /** Those that are found on the way come as well. */
  directories(): Iterable<LinkedPlace> {
    return this.#places.directories();
  }

  /** To be asked when all directories have been walked. */
  *files(): Generator<string> {
    for (const { path: file } of this.#places.files()) {
      if (this.#hasPassed(file)) this.#tally.count('already-seen');
      else yield file;
    }
  }

  #note(place: LinkedPlace, link: string, stats: Stats): void {
    const reason = this.#reasonToLeave(place, link, stats);
    if (reason !== undefined) {
      const detail = `not entered by the link ${link}`;
      this.#tally.problem({ path: place.path, reason, code: null, offset: null, detail });
    } else if (stats.isDirectory()) {
      this.#places.addDirectory(place);
    } else if (!stats.isFile()) {
      this.#tally.count('special-file');
    } else if (this.#options.filter.passesFile(place.path)) {
      this.#places.addFile(place);
    } else {
      this.#tally.count('excluded');
    }
  }

  #reasonToLeave(place: LinkedPlace, link: string, stats: Stats): ProblemReason | undefined {
    const { leftOut, oneFileSystem } = this.#options;
    if (leftOut.remoteTargets && isRemote(place.path) && !isRemote(link))
      return 'network-file-system';
    if (stats.dev === place.device) return undefined;
    return oneFileSystem ? 'other-file-system' : leftOut.devices.get(stats.dev);
  }

  /** Asks for excludes alone: includes speak of files, and of those by their own names. */
  #isExcluded(place: string): boolean {
    return !this.#options.filter.entersDirectory(place);
  }

  #isBelowExcluded(place: string): boolean {
    for (let at = place; ; at = path.dirname(at)) {
      if (this.#isExcluded(at)) return true;
      if (at === path.dirname(at)) return false;
    }
  }

  #hasPassed(file: string): boolean {
    if (this.#options.roots.some((root) => root.path === file)) return true;
    try {
      return this.#places.hasListedFolderOf(file);
    } catch {
      return false; // no longer there: who opens the file says so
    }
  }
}

/** Of a share. realpath gives mapped drives by the share's own name, too. */
function isRemote(place: string): boolean {
  return process.platform === 'win32' && place.startsWith('\\\\');
}
