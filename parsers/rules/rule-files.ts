/** What finding rule files needs of a file system: both programs have one, parsers/ has none. */
export interface RuleFileSystem {
  /** What `path` leads to, links followed; undefined where nothing is there. */
  kindOf(path: string): 'file' | 'folder' | 'other' | undefined;
  /** The entries of a folder, with whole paths; links are 'other'. */
  list(
    folder: string,
  ): readonly { readonly path: string; readonly kind: 'file' | 'folder' | 'other' }[];
  /** Throws the error of the operating system. At most `maxBytes` are read, and one more, so that a longer file shows. */
  read(file: string, maxBytes: number): Uint8Array;
}

/** Paths that cannot be used as they are: nothing is there, or too much. */
export class RulePathError extends Error {
  override readonly name = 'RulePathError';
}

/** Files and folders below the named ones, and how deep they nest. Azure-Sentinel's whole repository has 12,000 rules. */
const MAX_FILES = 20_000;
const MAX_ENTRIES = 200_000;
const MAX_DEPTH = 32;

/**
 * The files that `paths` name: a file as it is, of a folder every *.yaml and *.yml below it, in the order of their names. Links
 * inside folders are not followed. A file that is named twice comes once. Throws RulePathError.
 */
export function findRuleFiles(paths: readonly string[], files: RuleFileSystem): string[] {
  const found = new Set<string>();
  let entries = 0;
  let rules = 0;
  const enter = (folder: string, depth: number): void => {
    if (depth > MAX_DEPTH) throw new RulePathError(`${folder} nests more than ${MAX_DEPTH} deep`);
    const list = [...files.list(folder)].sort((one, other) => (one.path < other.path ? -1 : 1));
    for (const { path, kind } of list) {
      entries += 1;
      if (entries > MAX_ENTRIES || found.size > MAX_FILES)
        throw new RulePathError(
          `${folder}: too many files below what was named: name folders of rules`,
        );
      if (kind === 'folder') enter(path, depth + 1);
      if (kind !== 'file' || !isYamlFile(path)) continue;
      rules += 1;
      found.add(path);
    }
  };
  for (const path of paths) {
    const kind = files.kindOf(path);
    if (kind === undefined) throw new RulePathError(`${path}: nothing is there`);
    if (kind === 'other') throw new RulePathError(`${path} is neither a file nor a folder`);
    const before = rules;
    if (kind === 'file') found.add(path);
    else enter(path, 0);
    if (kind === 'folder' && rules === before)
      throw new RulePathError(`${path} has no file *.yaml or *.yml in it`);
  }
  return [...found];
}

export function isYamlFile(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}
