import path from 'node:path';
import { type PathFilter, pathFilter } from '../walk/path-filter.ts';
import type { MountedImage } from './mounted-image.ts';

/**
 * `--include` and `--exclude` for an image. A pattern matches a path as the image's own system names it (`C:/Users/**`, also
 * written with backslashes) or as it is on this machine. For Windows, letters match in either case, as there.
 */
export function imageFilter(
  { folder, top }: MountedImage,
  include: readonly string[],
  exclude: readonly string[],
): PathFilter {
  const ignoreCase = top !== '/';
  const included = pathFilter(include.map(withSlashes), [], ignoreCase);
  const excluded = pathFilter([], exclude.map(withSlashes), ignoreCase);
  // Not as it is shown: there an escape in a name would read as a folder.
  const inImage = (place: string) => withSlashes(top) + path.relative(folder, place);
  return {
    entersDirectory: (directory) =>
      excluded.entersDirectory(directory) && excluded.entersDirectory(inImage(directory)),
    passesFile: (file) =>
      excluded.passesFile(file) &&
      excluded.passesFile(inImage(file)) &&
      (included.passesFile(file) || included.passesFile(inImage(file))),
  };
}

/** Only behind a drive: elsewhere in a pattern a backslash takes the next character as it is. */
function withSlashes(text: string): string {
  return /^[A-Za-z]:[\\/]/.test(text) ? text.replaceAll('\\', '/') : text;
}
