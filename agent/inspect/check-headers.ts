import { closeSync } from 'node:fs';
import type { KnownFiles } from '../state/known-files.ts';
import { systemProblem } from './file-error.ts';
import { openFile, readHeader } from './file-header.ts';
import type { FileKind } from './file-outcome.ts';
import { type BatchResult, OpenBatch } from './open-batch.ts';
import { plainKindOf } from './plain-file.ts';

export interface CheckedHeaders {
  /** What came of the files that need no closer look. */
  readonly result: BatchResult;
  /** The other paths, for a worker. */
  readonly signable: readonly string[];
}

export interface CheckOptions {
  readonly stopped: () => boolean;
  /** undefined where nothing is kept between sweeps. */
  readonly known?: KnownFiles | undefined;
  /** True where no header says that a file has no signature: catalogs sign any. */
  readonly onlyKnown?: boolean;
}

/**
 * Settles the files of a batch that did not change since an earlier sweep, or that can carry no signature, which is most of
 * them, by their first bytes. It parses nothing and keeps nothing of them, so that the main thread can do it while the workers are
 * busy: no content of a file can hurt it.
 */
export function checkHeaders(
  paths: readonly string[],
  { stopped, known, onlyKnown = false }: CheckOptions,
): CheckedHeaders {
  const batch = new OpenBatch(known);
  const signable: string[] = [];
  for (const path of paths) {
    if (stopped()) break;
    if (batch.addKnown(path)) continue;
    try {
      const fileKind = onlyKnown ? undefined : plainKind(path);
      if (fileKind === undefined) signable.push(path);
      else batch.add(path, { kind: 'other', fileKind });
    } catch (error) {
      batch.add(path, { kind: 'problem', problem: systemProblem(path, error) });
    }
  }
  return { result: batch.close(), signable };
}

function plainKind(path: string): FileKind | undefined {
  const descriptor = openFile(path);
  try {
    return plainKindOf(path, descriptor, readHeader(descriptor));
  } finally {
    closeSync(descriptor);
  }
}
