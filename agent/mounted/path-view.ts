import path from 'node:path';
import { readablePath } from '../walk/disk-path.ts';

/** How paths on disk read in records, problems and reports. */
export interface PathView {
  /** What a person reads and a record holds. */
  show(diskPath: string): string;
  /** The same, as FolderPath and FileName have it. */
  split(diskPath: string): { readonly folderPath: string; readonly fileName: string };
}

/** This machine's own files: as they are. */
export const hostPaths: PathView = {
  show: readablePath,
  split(diskPath) {
    const file = readablePath(diskPath);
    return { folderPath: path.dirname(file), fileName: path.basename(file) };
  },
};

/**
 * Files below `folder` as the image's own system names them: `top` is `C:\` or `/`. What is not below the folder (a catalog
 * given by its own option) reads as it is.
 *
 * A name may hold a backslash where Linux wrote it to the volume: it reads `\x5c`, or it would read as a folder.
 */
export function imagePaths(folder: string, top: string): PathView {
  const separator = top.endsWith('\\') ? '\\' : '/';
  const prefix = folder.endsWith(path.sep) ? folder : folder + path.sep;
  const partsOf = (diskPath: string): string[] | undefined => {
    if (diskPath === folder) return [];
    if (!diskPath.startsWith(prefix)) return undefined;
    const names = diskPath.slice(prefix.length).split(path.sep);
    return names.map((name) =>
      readablePath(separator === '\\' ? name.replaceAll('\\', '\\x5c') : name),
    );
  };
  return {
    show(diskPath) {
      const parts = partsOf(diskPath);
      return parts === undefined ? readablePath(diskPath) : top + parts.join(separator);
    },
    split(diskPath) {
      const parts = partsOf(diskPath);
      if (parts === undefined || parts.length === 0) return hostPaths.split(diskPath);
      return { folderPath: top + parts.slice(0, -1).join(separator), fileName: parts.at(-1) ?? '' };
    },
  };
}
