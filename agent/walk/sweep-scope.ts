import path from 'node:path';
import type { PathFilter } from './path-filter.ts';
import type { ScanRoots } from './scan-roots.ts';

/** Whether the walk of these roots would come to `file`, were it there. Mounts are not looked at. */
export function isInScope(
  file: string,
  { roots, filter }: Pick<ScanRoots, 'roots'> & { readonly filter: PathFilter },
): boolean {
  return roots.some((root) => {
    if (root.kind === 'file') return root.path === file;
    const prefix = root.path.endsWith(path.sep) ? root.path : root.path + path.sep;
    if (!file.startsWith(prefix) || !filter.passesFile(file)) return false;
    for (
      let folder = path.dirname(file);
      folder.length > prefix.length;
      folder = path.dirname(folder)
    )
      if (!filter.entersDirectory(folder)) return false;
    return true;
  });
}
