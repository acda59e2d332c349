import path from 'node:path';
import micromatch from 'micromatch';
import { CommandError } from '../exit-status.ts';

/** Which paths the walk passes on. Both are asked with absolute paths. */
export interface PathFilter {
  /** False: the directory and all below it is left out. */
  entersDirectory(directory: string): boolean;
  passesFile(file: string): boolean;
}

/** `s`: a line break in a name must not make a file slip past a pattern. `i`: as the system compares names. */
const FLAGS = process.platform === 'win32' ? 'si' : 's';

/**
 * `--include` and `--exclude` as fast-glob reads them. A pattern without `/` is matched against the name alone; one that
 * starts with `/` or a drive against the absolute path; any other against every tail of it, as if `**` stood before.
 * An exclude that matches a directory leaves out all below it. Without includes every file passes.
 */
export function pathFilter(include: readonly string[], exclude: readonly string[]): PathFilter {
  const included = include.map(matcher);
  const excluded = exclude.map(matcher);
  const isExcluded = (file: string) => excluded.some((matches) => matches(file));
  return {
    entersDirectory: (directory) => !isExcluded(directory),
    passesFile: (file) =>
      !isExcluded(file) && (included.length === 0 || included.some((matches) => matches(file))),
  };
}

function matcher(pattern: string): (file: string) => boolean {
  const whole = path.sep === '\\' ? pattern.replaceAll('\\', '/') : pattern;
  const trimmed = whole.length > 1 ? whole.replace(/\/$/, '') : whole;
  if (!trimmed.includes('/')) {
    const matches = toRegExp(trimmed);
    return (file) => matches.test(path.basename(file));
  }
  const anchored = trimmed.startsWith('/') || /^[A-Za-z]:\//.test(trimmed);
  const matches = toRegExp(anchored ? trimmed : `**/${trimmed}`);
  return (file) => matches.test(path.sep === '\\' ? file.replaceAll('\\', '/') : file);
}

function toRegExp(pattern: string): RegExp {
  const expression = micromatch.makeRe(pattern, { dot: true });
  if (!expression) throw new CommandError(`cannot read the pattern ${pattern}`);
  return new RegExp(expression.source, FLAGS);
}
