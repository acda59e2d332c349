import { execFileSync } from 'node:child_process';
import { readCommit } from '../../agent/assets.ts';
import { project } from './bundle.ts';

/** What an executable is built from. */
export interface Commit {
  /** As `0123456789ab` or `0123456789ab-dirty`; undefined outside a git checkout. */
  readonly name: string | undefined;
  /** When it was made: the time of everything in the archives, so that building it again gives the same bytes. */
  readonly time: Date;
}

/** The first time that a zip file can express. */
const NO_TIME = new Date('1980-01-01T00:00:00Z');

/** The commit of this checkout. */
export function readBuildCommit(): Commit {
  const name = readCommit();
  if (name === undefined) return { name, time: NO_TIME };
  const log = ['log', '-1', '--format=%ct'];
  const seconds = execFileSync('git', log, { cwd: project, encoding: 'utf8' });
  return { name, time: new Date(Number(seconds) * 1000) };
}
