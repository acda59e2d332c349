import { closeSync, constants, openSync, readSync } from 'node:fs';
import { fsPath } from '../walk/disk-path.ts';
import { FileChangedError, ScanStoppedError, systemProblem } from './file-error.ts';
import type { FileOutcome } from './file-outcome.ts';
import { type InspectOptions, inspectImage } from './inspect-image.ts';
import { inspectSignedFile } from './inspect-signed-file.ts';
import { kindReaderOf } from './signed-kinds.ts';
import { sniff } from './sniff.ts';

/**
 * The walk gives regular files only; these keep a pipe or a link that has taken the place of one from holding us up.
 * Windows has neither flag.
 */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
/** A file that changes while it is read is read once more. */
const ATTEMPTS = 2;

const header = Buffer.allocUnsafeSlow(4096);

/** What the file at `path` is, and all that is to be said of it. Never throws for anything the file or the system does. */
export function inspectFile(path: string, options: InspectOptions): FileOutcome {
  let changed = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (options.stopped()) return { kind: 'stopped' };
    try {
      return openAndInspect(path, options);
    } catch (error) {
      if (error instanceof ScanStoppedError) return { kind: 'stopped' };
      if (!(error instanceof FileChangedError))
        return { kind: 'problem', problem: systemProblem(path, error) };
      changed = error.message;
    }
  }
  const problem = { path, reason: 'changed', code: null, offset: null, detail: changed } as const;
  return { kind: 'problem', problem };
}

function openAndInspect(path: string, options: InspectOptions): FileOutcome {
  const descriptor = openSync(fsPath(path), OPEN_FLAGS);
  try {
    const fileKind = sniff(header.subarray(0, readSync(descriptor, header, 0, header.length, 0)));
    if (fileKind === 'mz') return inspectImage({ path, descriptor }, options);
    const reader = kindReaderOf(fileKind, path);
    if (reader === undefined) return { kind: 'other', fileKind };
    return inspectSignedFile({ path, descriptor }, fileKind, reader, options);
  } finally {
    closeSync(descriptor);
  }
}
