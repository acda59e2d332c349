/** Child of build/bench.ts: does one thing in a process of its own and sends what it took. */
import { closeSync, createReadStream, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { main } from '../../agent/cli.ts';
import { hashFile } from '../../agent/inspect/hash-file.ts';
import { pathFilter } from '../../agent/walk/path-filter.ts';
import { resolveRoots } from '../../agent/walk/scan-roots.ts';
import { virtualMounts } from '../../agent/walk/virtual-mounts.ts';
import { walk } from '../../agent/walk/walk.ts';
import type { FileCertificateRecord, SweepRow } from '../../parsers/record/columns.ts';

export interface Measurement {
  readonly seconds: number;
  readonly entries: number;
  readonly files: number;
  readonly bytes: number;
  /** Of all threads. */
  readonly cpuSeconds: number;
  readonly peakRssMegabytes: number;
}

type Counts = Pick<Measurement, 'entries' | 'files' | 'bytes'>;

const [mode, target = '', records = '', threads = '1'] = process.argv.slice(2);
const start = performance.now();
const counts = await run();
const seconds = (performance.now() - start) / 1000;
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
const figures: Measurement = { ...counts, seconds, cpuSeconds, peakRssMegabytes: maxRSS / 1024 };
process.send?.(figures, () => process.disconnect());

async function run(): Promise<Counts> {
  if (mode === 'walk') return walkOnly();
  if (mode === 'hash') return await hashOnly();
  return await scan();
}

async function scan(): Promise<Counts> {
  process.stderr.write = () => true; // the summary
  const output = ['--format', 'ndjson', '--out', records, '--threads', threads];
  await main(['node', 'certsweep', 'scan', target, ...output, '--fail-on', 'never']);
  const sweep = JSON.parse(readFileSync(`${records}.sweep.json`, 'utf8')) as SweepRow;
  return { entries: sweep.Entries ?? 0, files: sweep.Files ?? 0, bytes: sweep.Bytes ?? 0 };
}

function walkOnly(): Counts {
  const tally = { entries: 0, directories: 0, count: () => {}, problem: () => {} };
  const options = {
    ...resolveRoots([target]),
    filter: pathFilter([], []),
    oneFileSystem: false,
    virtualMounts: virtualMounts(),
  };
  let files = 0;
  for (const file of walk(options, tally)) if (file !== null) files += 1;
  return { entries: tally.entries, files, bytes: 0 };
}

/** SHA-1 and SHA-256 of each image that the scan before has listed, in one thread. */
async function hashOnly(): Promise<Counts> {
  let files = 0;
  let bytes = 0;
  let last = '';
  for await (const line of createInterface({ input: createReadStream(records) })) {
    const { FolderPath, FileName, FileSize } = JSON.parse(line) as FileCertificateRecord;
    const file = path.join(FolderPath ?? '', FileName ?? '');
    if (file === last) continue; // a second signature of the same file
    last = file;
    const descriptor = openSync(file, 'r');
    hashFile(
      descriptor,
      { size: FileSize ?? 0, imageRanges: [], imageAlgorithms: [] },
      () => false,
    );
    closeSync(descriptor);
    files += 1;
    bytes += FileSize ?? 0;
  }
  return { entries: 0, files, bytes };
}
