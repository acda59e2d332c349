import { foldCase } from '../../parsers/kql/fold-case.ts';

/** A path, or a glob over paths, in comparable form. */
export interface PathParts {
  readonly system: 'windows' | 'posix';
  /** Windows: `C:` or the server first, case folded. */
  readonly segments: readonly string[];
}

/** Windows knows paths of up to 32,767 UTF-16 units; one that is longer than this fits no approval. */
export const LONGEST_PATH = 4_096;

/**
 * A path as it is compared; undefined of one that is not absolute, or could be spelled to look like another: with `.` or
 * `..`, with a stream (`x.exe:y`), or with a name that ends with a blank or a dot, which Windows drops.
 *
 * On Windows `/` and `\` are alike, case does not count, and `\\?\` is dropped.
 * Source: Microsoft, "Naming Files, Paths, and Namespaces".
 */
export function pathParts(path: string): PathParts | undefined {
  if (path.length > LONGEST_PATH) return undefined;
  if (path.startsWith('/') && !path.startsWith('//')) {
    const segments = path.slice(1).split('/');
    return segments.every(isPlain) ? { system: 'posix', segments } : undefined;
  }
  const spelled = foldCase(path.replaceAll('/', '\\'));
  const plain = spelled.replace(/^\\\\\?\\(?:UNC\\)?/, (prefix) =>
    prefix.length > 4 ? '\\\\' : '',
  );
  const isShare = plain.startsWith('\\\\');
  if (!isShare && !/^[A-Z]:\\/.test(plain)) return undefined;
  const [first = '', ...others] = (isShare ? plain.slice(2) : plain).split('\\');
  const all = [first, ...others];
  const isSound = others.every(isPlainOnWindows) && isPlain(first);
  return isSound ? { system: 'windows', segments: isShare ? ['\\\\', ...all] : all } : undefined;
}

function isPlain(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..' && !segment.includes('\0');
}

function isPlainOnWindows(segment: string): boolean {
  return isPlain(segment) && !segment.includes(':') && !/[ .]$/.test(segment);
}
