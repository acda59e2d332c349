import path from 'node:path';
import micromatch from 'micromatch';
import { CommandError } from '../exit-status.ts';

/** Which paths the walk passes on. Both are asked with absolute paths. */
export interface PathFilter {
  /** False: the directory and all below it is left out. */
  entersDirectory(directory: string): boolean;
  passesFile(file: string): boolean;
}

const systemIgnoresCase = process.platform === 'win32';

/**
 * `--include` and `--exclude` as fast-glob reads them. A pattern without `/` is matched against the name alone; one that
 * starts with `/` or a drive against the absolute path; any other against every tail of it, as if `**` stood before.
 * An exclude that matches a directory leaves out all below it. Without includes every file passes.
 */
export function pathFilter(
  include: readonly string[],
  exclude: readonly string[],
  ignoreCase = systemIgnoresCase,
): PathFilter {
  const included = include.map((pattern) => matcher(pattern, ignoreCase));
  const excluded = exclude.map((pattern) => matcher(pattern, ignoreCase));
  const isExcluded = (file: string) => excluded.some((matches) => matches(file));
  return {
    entersDirectory: (directory) => !isExcluded(directory),
    passesFile: (file) =>
      !isExcluded(file) && (included.length === 0 || included.some((matches) => matches(file))),
  };
}

function matcher(pattern: string, ignoreCase: boolean): (file: string) => boolean {
  const whole = path.sep === '\\' ? pattern.replaceAll('\\', '/') : pattern;
  const trimmed = whole.length > 1 ? whole.replace(/\/$/, '') : whole;
  if (!trimmed.includes('/')) {
    const matches = toRegExp(trimmed, ignoreCase);
    return (file) => matches.test(path.basename(file));
  }
  const anchored = trimmed.startsWith('/') || /^[A-Za-z]:\//.test(trimmed);
  const matches = toRegExp(anchored ? trimmed : `**/${trimmed}`, ignoreCase);
  return (file) => matches.test(path.sep === '\\' ? file.replaceAll('\\', '/') : file);
}

function toRegExp(pattern: string, ignoreCase: boolean): RegExp {
  const expression = micromatch.makeRe(pattern, { dot: true });
  if (!expression) throw new CommandError(`cannot read the pattern ${pattern}`);
  // s: a line break in a name must not make a file slip past a pattern.
  return new RegExp(expression.source, ignoreCase ? 'si' : 's');
}
