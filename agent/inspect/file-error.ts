import { isLockedBySystem } from '../walk/system-locks.ts';
import type { Problem, ProblemReason } from './file-outcome.ts';

/** The file became another while it was read, or ended early. Read it again; a second time it is a problem. */
export class FileChangedError extends Error {
  override readonly name = 'FileChangedError';
}

/** The scan is over: leave the file where it is. */
export class ScanStoppedError extends Error {
  override readonly name = 'ScanStoppedError';
}

/** A link in the place of a file: O_NOFOLLOW says ELOOP, EMLINK on BSD. The file itself is gone. */
const NO_LONGER_THERE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK']);

/** What the system said, as a line of `--errors`. Anything that does not come from the system is a bug and thrown on. */
export function systemProblem(path: string, error: unknown): Problem {
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) throw error;
  return { path, reason: reasonFor(path, code), code, offset: null, detail: message };
}

function reasonFor(path: string, code: string): ProblemReason {
  if (NO_LONGER_THERE.has(code)) return 'gone';
  return isLockedBySystem(path, code) ? 'locked' : 'unreadable';
}
