import { hash } from 'node:crypto';
import { readFileSync, statfsSync } from 'node:fs';
import path from 'node:path';
import type { SweepOptions } from '../sweep-settings.ts';
import { fsPath } from '../walk/disk-path.ts';
import type { ScanRoots } from '../walk/scan-roots.ts';

/**
 * File systems that count their inodes truly. Btrfs and FAT have no such count, an overlay tells that of the file system
 * beneath it, which holds more.
 */
const COUNTING_TYPES = new Set(['ext2', 'ext3', 'ext4', 'xfs', 'f2fs', 'jfs']);

/** What decides which entries a sweep sees, as a digest: two sweeps of one scope see about as many. */
export function sweepScope(options: SweepOptions): string {
  const { paths, exclude, oneFileSystem, followLinks, network, defaultExcludes, imageRoot } =
    options;
  const places = paths.map((place) => path.resolve(place));
  const choices = [
    places,
    exclude,
    oneFileSystem,
    followLinks,
    network,
    defaultExcludes,
    imageRoot,
  ];
  return hash('sha256', JSON.stringify(choices), 'hex');
}

/**
 * How many entries a sweep will see, by the inodes in use: where it sweeps whole file systems and nothing but them. Hard
 * links make it a few more. undefined where nothing says so, and then no time to go is shown: a guess would be believed.
 */
export function expectedEntries(
  { roots }: ScanRoots,
  { oneFileSystem, followLinks, exclude }: SweepOptions,
): number | undefined {
  if (process.platform !== 'linux' || !oneFileSystem || followLinks || exclude?.length)
    return undefined;
  try {
    const whole = wholeFileSystems(readFileSync('/proc/self/mountinfo', 'utf8'));
    if (!roots.every((root) => whole.has(root.path))) return undefined;
    return roots.reduce((sum, root) => sum + inodesInUse(root.path), 0);
  } catch {
    return undefined; // it is for show alone
  }
}

function inodesInUse(root: string): number {
  const { files, ffree } = statfsSync(fsPath(root));
  return files - ffree;
}

/**
 * Where counting file systems are mounted from their own top: a bind mount of a folder is not one. A path with blanks, which
 * the table escapes, is not found: no harm. Source: proc_pid_mountinfo(5), fields 4, 5 and, behind the lone `-`, the type.
 */
export function wholeFileSystems(mountInfo: string): Set<string> {
  const whole = new Set<string>();
  for (const line of mountInfo.split('\n')) {
    const [mount = '', after = ''] = line.split(' - ');
    const [, , , top, place] = mount.split(' ');
    const [type = ''] = after.split(' ');
    if (place === undefined) continue;
    if (top === '/' && COUNTING_TYPES.has(type)) whole.add(place);
    else whole.delete(place); // a later line hides an earlier one
  }
  return whole;
}
