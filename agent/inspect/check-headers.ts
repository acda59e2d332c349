import { closeSync } from 'node:fs';
import { systemProblem } from './file-error.ts';
import { openFile, readHeader } from './file-header.ts';
import type { FileKind, Problem } from './file-outcome.ts';
import type { BatchResult } from './inspect-batch.ts';
import { plainKindOf } from './plain-file.ts';

export interface CheckedHeaders {
  /** What came of the files that need no closer look. */
  readonly result: BatchResult;
  /** The other paths, for a worker. */
  readonly signable: readonly string[];
}

/**
 * Settles the files of a batch that can carry no signature, which is most of them, by their first bytes. It parses nothing and keeps
 * nothing, so that the main thread can do it while the workers are busy: no content of a file can hurt it.
 */
export function checkHeaders(paths: readonly string[], stopped: () => boolean): CheckedHeaders {
  const problems: Problem[] = [];
  const otherKinds: Partial<Record<FileKind, number>> = {};
  const signable: string[] = [];
  let files = 0;
  for (const path of paths) {
    if (stopped()) break;
    try {
      const kind = plainKind(path);
      if (kind === undefined) {
        signable.push(path);
        continue;
      }
      otherKinds[kind] = (otherKinds[kind] ?? 0) + 1;
    } catch (error) {
      problems.push(systemProblem(path, error));
    }
    files += 1;
  }
  return {
    result: { files, images: [], problems, otherKinds, linked: [], hardLinks: 0 },
    signable,
  };
}

function plainKind(path: string): FileKind | undefined {
  const descriptor = openFile(path);
  try {
    return plainKindOf(path, descriptor, readHeader(descriptor));
  } finally {
    closeSync(descriptor);
  }
}
