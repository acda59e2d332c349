import { lstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { CommandError } from '../exit-status.ts';

/** One PATH of the command line, made absolute. A link that is named itself is followed, as `find -H` does. */
export interface ScanRoot {
  /** A file that was named by a link has its own: whoever opens it refuses to follow one. */
  readonly path: string;
  readonly kind: 'directory' | 'file';
}

export interface ScanRoots {
  readonly roots: readonly ScanRoot[];
  /** Absolute paths below one root that are roots themselves: the walk from above stops there. */
  readonly innerRoots: ReadonlySet<string>;
}

/**
 * Makes the PATHs absolute and sees to it that what overlaps is scanned once: a root named twice counts once, and a root
 * inside another is left to itself, so that it is scanned even where the outer walk would have left it out. A PATH that is
 * not there is an error before anything is scanned.
 */
export function resolveRoots(paths: readonly string[]): ScanRoots {
  const byRealPath = new Map<string, ScanRoot>();
  for (const given of paths) {
    const { root, realPath } = resolveRoot(given);
    if (!byRealPath.has(realPath)) byRealPath.set(realPath, root);
  }
  const innerRoots = new Set<string>();
  for (const [outerReal, outer] of byRealPath) {
    for (const innerReal of byRealPath.keys()) {
      const below = path.relative(outerReal, innerReal);
      const inside = below !== '' && below.split(path.sep)[0] !== '..' && !path.isAbsolute(below);
      if (inside) innerRoots.add(path.join(outer.path, below));
    }
  }
  return { roots: [...byRealPath.values()], innerRoots };
}

function resolveRoot(given: string): { root: ScanRoot; realPath: string } {
  const absolute = absolutePath(given);
  let stats: Stats;
  let realPath: string;
  try {
    stats = statSync(absolute);
    realPath = realpathSync.native(absolute);
  } catch (error) {
    throw new CommandError(`cannot scan ${given}: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (stats.isDirectory()) return { root: { path: absolute, kind: 'directory' }, realPath };
  if (stats.isFile()) {
    const isLink = lstatSync(absolute).isSymbolicLink();
    return { root: { path: isLink ? realPath : absolute, kind: 'file' }, realPath };
  }
  throw new CommandError(`cannot scan ${given}: neither a file nor a directory`);
}

/** `C:` alone is where a shell last was on that drive; who scans it means all of the drive. `paths`: those of the system. */
export function absolutePath(given: string, paths: path.PlatformPath = path): string {
  const isDrive = paths.sep === '\\' && /^[A-Za-z]:$/.test(given);
  return paths.resolve(isDrive ? `${given}\\` : given);
}
