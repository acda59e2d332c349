import { closeSync } from 'node:fs';
import { FileChangedError, ScanStoppedError, systemProblem } from './file-error.ts';
import type { OpenFile } from './file-facts.ts';
import { openFile, readHeader } from './file-header.ts';
import type { FileOutcome } from './file-outcome.ts';
import { type InspectOptions, inspectImage } from './inspect-image.ts';
import { inspectSignedFile } from './inspect-signed-file.ts';
import { linkIdOf } from './linked-files.ts';
import { plainKindOf } from './plain-file.ts';
import { kindReaderOf } from './signed-kinds.ts';
import { sniff } from './sniff.ts';

/** A file that changes while it is read is read once more. */
const ATTEMPTS = 2;

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
  const descriptor = openFile(path);
  try {
    const header = readHeader(descriptor);
    if (!options.unsignedToo && options.catalogs === undefined) {
      const plain = plainKindOf(path, descriptor, header);
      if (plain !== undefined) return { kind: 'other', fileKind: plain };
    }
    const { links } = options;
    if (links === undefined) return inspectOpen({ path, descriptor }, header, options);
    const id = linkIdOf(descriptor);
    if (id === undefined) return inspectOpen({ path, descriptor }, header, options);
    if (links === 'defer') return { kind: 'linked', id };
    return links.outcomeOf(descriptor, path, () =>
      inspectOpen({ path, descriptor }, header, options),
    );
  } finally {
    closeSync(descriptor);
  }
}

function inspectOpen(file: OpenFile, header: Buffer, options: InspectOptions): FileOutcome {
  const fileKind = sniff(header);
  if (fileKind === 'mz') return inspectImage(file, options);
  const reader = kindReaderOf(fileKind, file.path);
  if (reader === undefined) return { kind: 'other', fileKind };
  return inspectSignedFile(file, fileKind, reader, options);
}
