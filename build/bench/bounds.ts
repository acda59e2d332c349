/** Child of build/bench.ts: one of the things that a scan cannot do without, alone. Prints its counts as JSON. */
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { hashFile } from '../../agent/inspect/hash-file.ts';
import { sniff } from '../../agent/inspect/sniff.ts';
import { fsPath } from '../../agent/walk/disk-path.ts';
import { leftOutMounts } from '../../agent/walk/left-out-mounts.ts';
import { pathFilter } from '../../agent/walk/path-filter.ts';
import { resolveRoots } from '../../agent/walk/scan-roots.ts';
import { walk } from '../../agent/walk/walk.ts';
import type { DigestAlgorithm } from '../../parsers/authenticode/signature-report.ts';
import type { FileCertificateRecord } from '../../parsers/record/columns.ts';

export interface Counts {
  readonly entries: number;
  readonly files: number;
  readonly bytes: number;
}

const header = Buffer.allocUnsafeSlow(4096);

const [mode, ...from] = process.argv.slice(2);
console.log(JSON.stringify(mode === 'hash' ? await hashOnly(from[0] ?? '') : walkOnly(from)));

/** Every name below the roots. With `header`, each file is opened as well and its first 4 KB say what it is. */
function walkOnly(roots: readonly string[]): Counts {
  const tally = { entries: 0, directories: 0, count: () => {}, problem: () => {} };
  const options = {
    ...resolveRoots(roots),
    filter: pathFilter([], []),
    oneFileSystem: false,
    leftOut: leftOutMounts(),
  };
  let files = 0;
  for (const file of walk(options, tally)) {
    if (file === null) continue;
    files += 1;
    if (mode === 'header') readHeader(file);
  }
  return { entries: tally.entries, files, bytes: 0 };
}

function readHeader(file: string): void {
  const descriptor = openSync(fsPath(file), 'r');
  sniff(header.subarray(0, readSync(descriptor, header, 0, header.length, 0)));
  closeSync(descriptor);
}

/** The digests of each image that the records of an earlier scan name, in one thread. */
async function hashOnly(records: string): Promise<Counts> {
  const images = new Map<string, { size: number; algorithms: Set<DigestAlgorithm> }>();
  for await (const line of createInterface({ input: createReadStream(records) })) {
    const record = JSON.parse(line) as FileCertificateRecord;
    const file = path.join(record.FolderPath ?? '', record.FileName ?? '');
    const image = images.get(file) ?? { size: record.FileSize ?? 0, algorithms: new Set() };
    if (record.DigestAlgorithm !== null)
      image.algorithms.add(record.DigestAlgorithm as DigestAlgorithm);
    images.set(file, image);
  }
  let bytes = 0;
  for (const [file, { size, algorithms }] of images) {
    const descriptor = openSync(file, 'r');
    const imageRanges = [{ offset: 0, size }];
    hashFile(descriptor, { size, imageRanges, imageAlgorithms: [...algorithms] }, () => false);
    closeSync(descriptor);
    bytes += size;
  }
  return { entries: 0, files: images.size, bytes };
}
