import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { type HostTreeSize, makeHostTrees } from './host-tree.ts';
import {
  type Measurement,
  measureBound,
  measureProgram,
  measureScan,
  printHeader,
  printRow,
  type Usage,
} from './measure.ts';

export interface HostsOptions {
  /** Of one tree. */
  readonly size: HostTreeSize;
  /** How many trees side by side are scanned at once, ascending: 1,2,4. */
  readonly sizes: readonly number[];
  /** Each figure is the median of so many runs, the runs interleaved. */
  readonly rounds: number;
  readonly roots?: string | undefined;
}

/**
 * `npm run bench -- hosts FOLDER`: a host-like tree, made if absent, scanned beside what bounds the scan, and the aims of
 * issue 4 with what was measured. Page cache warm; each run is a fresh process.
 */
export async function benchHosts(folder: string, options: HostsOptions): Promise<void> {
  const trees = makeHostTrees(folder, Math.max(...options.sizes), options.size);
  const scratch = mkdtempSync(path.join(tmpdir(), 'certsweep-bench-'));
  try {
    const [model] = cpus();
    console.log(`Node ${process.version}, ${process.platform}, ${cpus().length} × ${model?.model}`);
    console.log(`${new Date().toISOString().slice(0, 10)}, median of ${options.rounds} rounds\n`);
    const bySize = new Map<number, SizeFigures>();
    for (const count of options.sizes) {
      const figures = await benchSize(trees.slice(0, count), scratch, options);
      bySize.set(count, figures);
      printSize(count, figures);
    }
    printGrowth(bySize);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface SizeFigures {
  readonly find: Usage;
  readonly findPrintf: Usage;
  readonly walk: Measurement;
  /** Walk and header check together. */
  readonly header: Measurement;
  readonly hash: Measurement;
  readonly scan: Measurement;
  readonly rescan: Measurement | undefined;
}

async function benchSize(
  trees: readonly string[],
  scratch: string,
  { rounds, roots }: HostsOptions,
): Promise<SizeFigures> {
  const trust = roots === undefined ? [] : ['--roots', path.resolve(roots)];
  const records = path.join(scratch, 'records.ndjson');
  const state = path.join(scratch, `state-${trees.length}`);
  await measureScan(trees, records, trust); // fills the page cache and lists the images
  const rescanOptions = [...trust, '--state', state, '--changed-only'];
  const hasState = await measureScan(trees, path.join(scratch, 'first.ndjson'), rescanOptions).then(
    () => true,
    (error: Error) => {
      console.log(`no rescan measured: ${error.message.slice(0, 300)}`);
      return false;
    },
  );
  const runs: SizeFigures[] = [];
  for (let round = 0; round < rounds; round++) {
    runs.push({
      find: await measureProgram(['find', ...trees]),
      findPrintf: await measureProgram(['find', ...trees, '-printf', '%s %T@\n']),
      walk: await measureBound('walk', trees),
      header: await measureBound('header', trees),
      hash: await measureBound('hash', [records]),
      scan: await measureScan(trees, path.join(scratch, 'scan.ndjson'), trust),
      rescan: hasState
        ? await measureScan(trees, path.join(scratch, 'rescan.ndjson'), rescanOptions)
        : undefined,
    });
  }
  const of = <Row extends Usage>(pick: (run: SizeFigures) => Row) => median(runs.map(pick));
  return {
    find: of(({ find }) => find),
    findPrintf: of(({ findPrintf }) => findPrintf),
    walk: of(({ walk }) => walk),
    header: of(({ header }) => header),
    hash: of(({ hash }) => hash),
    scan: of(({ scan }) => scan),
    rescan: hasState ? median(runs.flatMap(({ rescan }) => rescan ?? [])) : undefined,
  };
}

/** By each figure for itself; the peak is the highest. */
function median<Row extends Usage>(rows: readonly Row[]): Row {
  const middle = (pick: (row: Row) => number) =>
    rows.map(pick).toSorted((a, b) => a - b)[Math.floor(rows.length / 2)] ?? 0;
  const [first] = rows;
  if (first === undefined) throw new Error('no round was run');
  return {
    ...first,
    seconds: middle(({ seconds }) => seconds),
    cpuSeconds: middle(({ cpuSeconds }) => cpuSeconds),
    peakRssMegabytes: Math.max(...rows.map(({ peakRssMegabytes }) => peakRssMegabytes)),
  };
}

const CORES = 2;

function printSize(count: number, figures: SizeFigures): void {
  const { find, findPrintf, walk, header, hash, scan, rescan } = figures;
  console.log(`×${count}: ${scan.files} files, ${hash.files} images, ${hash.bytes / 1e6} MB\n`);
  printHeader();
  printRow('find', find);
  printRow("find -printf '%s %T@'", findPrintf);
  printRow('walk', walk);
  printRow('walk + header check', header);
  printRow('hash only', hash);
  printRow('scan', scan);
  if (rescan !== undefined) printRow('rescan, unchanged', rescan);
  const bound = header.cpuSeconds + hash.cpuSeconds;
  const boundSeconds = (header.seconds + hash.seconds) / CORES;
  console.log('');
  printAim('speed of the walk over find', find.seconds / walk.seconds, '≥ 0.9');
  printAim('CPU bound over CPU of the scan', bound / scan.cpuSeconds, '≥ 0.8');
  printAim('the same by the clock, 2 cores', boundSeconds / scan.seconds, '≥ 0.8');
  printAim('peak RSS of the scan, MB', scan.peakRssMegabytes, '≤ 120');
  if (rescan !== undefined) {
    printAim('rescan over find -printf', rescan.seconds / findPrintf.seconds, '≤ 1.5');
    printAim('peak RSS of the rescan, MB', rescan.peakRssMegabytes, '≤ 120');
  }
  console.log('');
}

/** The cost of a tree in the larger runs over its cost in the smallest. */
function printGrowth(bySize: ReadonlyMap<number, SizeFigures>): void {
  const [[smallest, base] = []] = bySize;
  if (smallest === undefined || base === undefined) return;
  for (const [count, { scan }] of bySize) {
    if (count === smallest) continue;
    const factor = count / smallest;
    const cpu = scan.cpuSeconds / (base.scan.cpuSeconds * factor);
    const seconds = scan.seconds / (base.scan.seconds * factor);
    printAim(`CPU a tree, ×${count} over ×${smallest}`, cpu, '0.85 to 1.15');
    printAim(`seconds a tree, ×${count} over ×${smallest}`, seconds, '0.85 to 1.15');
  }
}

function printAim(name: string, value: number, aim: string): void {
  console.log(`${name.padEnd(34)} ${value.toFixed(2).padStart(8)}   aim ${aim}`);
}
