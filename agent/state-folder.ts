import { mkdirSync, type Stats, statSync } from 'node:fs';
import { CommandError } from './exit-status.ts';
import { writeProblem } from './write-problem.ts';

/** Write permission of group and others. */
const OTHERS_WRITE = 0o022;

/**
 * Makes `folder` where it is absent, for its owner alone. One that others can write is refused (POSIX): who can replace
 * what is in it decides what is reported.
 */
export function makeStateFolder(folder: string): void {
  let stats: Stats;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    stats = statSync(folder);
  } catch (error) {
    throw new CommandError(`cannot make ${folder}: ${writeProblem(error)}`);
  }
  if (process.platform !== 'win32' && (stats.mode & OTHERS_WRITE) !== 0)
    throw new CommandError(`${folder} can be written by others: chmod 700 ${folder}`);
}
