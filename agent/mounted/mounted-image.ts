import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { CommandError } from '../exit-status.ts';
import { findInside, isFolder } from './find-inside.ts';
import { imagePaths, type PathView } from './path-view.ts';

/** A volume of another machine, mounted in a folder of this one. */
export interface MountedImage {
  /** Absolute, links resolved: no path that is scanned lies outside. */
  readonly folder: string;
  /** What the image's own system calls that folder: `C:\` or `/`. */
  readonly top: string;
  /** On disk; undefined where there is none: a data volume, or no Windows. */
  readonly windowsFolder: string | undefined;
  readonly paths: PathView;
}

const DEFAULT_DRIVE = 'C';
/** Windows NT 4 and 2000 have the second. */
const WINDOWS_FOLDERS = ['Windows', 'WINNT'];

/**
 * The image in `given`. Its paths read as Windows' do, under `drive`, unless it looks like a POSIX system: an `etc`, no
 * Windows folder, and no drive was named. Throws CommandError where there is no such folder.
 */
export function openImage(given: string, drive: string | undefined): MountedImage {
  const folder = realFolder(given);
  const windowsFolder = WINDOWS_FOLDERS.map((name) => findInside(folder, name)).find(
    (place) => isFolder(place) && isFolder(findInside(place, 'System32')),
  );
  const isPosix =
    drive === undefined && windowsFolder === undefined && isFolder(findInside(folder, 'etc'));
  const top = isPosix ? '/' : `${(drive ?? DEFAULT_DRIVE).toUpperCase()}:\\`;
  return { folder, top, windowsFolder, paths: imagePaths(folder, top) };
}

/** A hive of the image by its name in System32\config, SOFTWARE or SYSTEM; undefined where it is not there. */
export function hiveFile({ windowsFolder }: MountedImage, name: string): string | undefined {
  return windowsFolder && findInside(windowsFolder, 'System32', 'config', name);
}

function realFolder(given: string): string {
  const absolute = path.resolve(given);
  try {
    if (statSync(absolute).isDirectory()) return realpathSync.native(absolute);
  } catch (error) {
    throw new CommandError(`--image-root ${given}: ${(error as NodeJS.ErrnoException).code}`);
  }
  throw new CommandError(`--image-root ${given}: not a folder`);
}
