import { SweepTally } from '../../../agent/report/sweep-tally.ts';
import { nothingLeftOut } from '../../../agent/walk/left-out-mounts.ts';
import { pathFilter } from '../../../agent/walk/path-filter.ts';
import { resolveRoots } from '../../../agent/walk/scan-roots.ts';
import { type WalkOptions, walk } from '../../../agent/walk/walk.ts';

/** Walks to the end: the files in order of their paths, the counts, and each problem as `reason code`. */
export function walkAll(paths: readonly string[], options: Partial<WalkOptions> = {}) {
  const reasons: string[] = [];
  const tally = new SweepTally(({ reason, code }) => reasons.push(`${reason} ${code}`));
  const settings = {
    ...resolveRoots(paths),
    filter: pathFilter([], []),
    oneFileSystem: false,
    leftOut: nothingLeftOut,
    ...options,
  };
  const files: string[] = [];
  for (const file of walk(settings, tally)) if (file !== null) files.push(file);
  return { files: files.sort(), tally, reasons };
}
