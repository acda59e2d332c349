import { statSync } from 'node:fs';
import path from 'node:path';
import { CommandError } from '../exit-status.ts';
import { hostPaths, type PathView } from '../mounted/path-view.ts';
import { buildCatalogIndex, type CatalogIndexing } from './build-catalog-index.ts';

/**
 * The index of the catalogs in the folders of `--catalogs`; without any, on Windows, of the system's own. undefined where none
 * are at hand. Throws CommandError for a folder that was named and is none.
 */
export function loadCatalogs(
  folders: readonly string[] = systemCatalogs(),
  paths: PathView = hostPaths,
): CatalogIndexing | undefined {
  for (const folder of folders)
    if (!isDirectory(folder)) throw new CommandError(`--catalogs ${folder}: no such folder`);
  return folders.length > 0 ? buildCatalogIndex(folders, paths) : undefined;
}

function systemCatalogs(): string[] {
  const { SystemRoot } = process.env;
  if (process.platform !== 'win32' || SystemRoot === undefined) return [];
  const folder = path.join(SystemRoot, 'System32', 'CatRoot');
  return isDirectory(folder) ? [folder] : [];
}

function isDirectory(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
