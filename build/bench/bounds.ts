/** Child of build/bench.ts: one of the two things that a scan cannot do without, alone. Prints its counts as JSON. */
import { closeSync, createReadStream, openSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { hashFile } from '../../agent/inspect/hash-file.ts';
import { pathFilter } from '../../agent/walk/path-filter.ts';
import { resolveRoots } from '../../agent/walk/scan-roots.ts';
import { virtualMounts } from '../../agent/walk/virtual-mounts.ts';
import { walk } from '../../agent/walk/walk.ts';
import type { FileCertificateRecord } from '../../parsers/record/columns.ts';

export interface Counts {
  readonly entries: number;
  readonly files: number;
  readonly bytes: number;
}

const [mode, from = ''] = process.argv.slice(2);
console.log(JSON.stringify(mode === 'walk' ? walkOnly(from) : await hashOnly(from)));

/** Every name below `root`, nothing opened. */
function walkOnly(root: string): Counts {
  const tally = { entries: 0, directories: 0, count: () => {}, problem: () => {} };
  const options = {
    ...resolveRoots([root]),
    filter: pathFilter([], []),
    oneFileSystem: false,
    virtualMounts: virtualMounts(),
  };
  let files = 0;
  for (const file of walk(options, tally)) if (file !== null) files += 1;
  return { entries: tally.entries, files, bytes: 0 };
}

/** SHA-1 and SHA-256 of each image that the records of an earlier scan name, in one thread. */
async function hashOnly(records: string): Promise<Counts> {
  let files = 0;
  let bytes = 0;
  let last = '';
  for await (const line of createInterface({ input: createReadStream(records) })) {
    const { FolderPath, FileName, FileSize } = JSON.parse(line) as FileCertificateRecord;
    const file = path.join(FolderPath ?? '', FileName ?? '');
    if (file === last) continue; // a second signature of the same file
    last = file;
    const size = FileSize ?? 0;
    const descriptor = openSync(file, 'r');
    hashFile(descriptor, { size, imageRanges: [], imageAlgorithms: [] }, () => false);
    closeSync(descriptor);
    files += 1;
    bytes += size;
  }
  return { entries: 0, files, bytes };
}
