/**
 * `npm run bench -- scan PATH`: how fast PATH is scanned with one and with two workers, beside what bounds it: the walk
 * alone, and the hashing alone of the images in it. Each in a fresh process, after one run that fills the page cache.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { benchCollector } from './bench/collector.ts';
import { benchCoverage } from './bench/coverage.ts';
import { benchExecutable } from './bench/executable.ts';
import { benchExports } from './bench/exports.ts';
import { benchHosts } from './bench/hosts.ts';
import { benchHunts } from './bench/hunts.ts';
import { measureBound, measureScan, printHeader, printRow } from './bench/measure.ts';
import { benchPeers } from './bench/peers.ts';
import { benchRules } from './bench/rules.ts';
import { benchSignatures } from './bench/signature-cost.ts';

const USAGE = `usage: npm run bench -- scan PATH | peers PATH ROOTS | signatures PATH ROOTS
  | executable FILE TREE | rules | coverage [--rows N]
  | collector [--rows N] [--profile FOLDER] [--keep]
  | hunts --data FOLDER
  | hosts FOLDER [--roots PATH] [--files N] [--images N] [--sizes 1,2,4] [--rounds N]`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    roots: { type: 'string' },
    files: { type: 'string', default: '350000' },
    images: { type: 'string', default: '2100' },
    sizes: { type: 'string', default: '1,2,4' },
    rounds: { type: 'string', default: '3' },
    rows: { type: 'string', default: '5000000' },
    data: { type: 'string' },
    profile: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const [command, target, roots] = positionals;
if (command === 'scan' && target !== undefined) {
  await bench(path.resolve(target));
} else if (command === 'hosts' && target !== undefined) {
  await benchHosts(path.resolve(target), {
    size: { files: Number(values.files), images: Number(values.images) },
    sizes: values.sizes.split(',').map(Number),
    rounds: Number(values.rounds),
    roots: values.roots,
  });
} else if (command === 'collector') {
  await benchCollector({ rows: Number(values.rows), profile: values.profile, keep: values.keep });
} else if (command === 'coverage') {
  await benchCoverage(Number(values.rows));
} else if (command === 'rules') {
  benchRules();
} else if (command === 'exports') {
  await benchExports(Number(values.rows));
} else if (command === 'hunts' && values.data !== undefined) {
  await benchHunts(path.resolve(values.data));
} else if (command === 'executable' && target !== undefined && roots !== undefined) {
  benchExecutable(path.resolve(target), path.resolve(roots));
} else if (command === 'peers' && target !== undefined && roots !== undefined) {
  benchPeers(path.resolve(target), path.resolve(roots));
} else if (command === 'signatures' && target !== undefined && roots !== undefined) {
  await benchSignatures(path.resolve(target), path.resolve(roots));
} else {
  console.error(USAGE);
  process.exitCode = 2;
}

async function bench(target: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-bench-'));
  try {
    const records = path.join(folder, 'records.ndjson');
    await measureScan([target], records, ['--threads', '2']); // fills the page cache and lists the images
    const walk = await measureBound('walk', [target]);
    const hash = await measureBound('hash', [records]);
    const one = await measureScan([target], path.join(folder, 'one.ndjson'), ['--threads', '1']);
    const two = await measureScan([target], path.join(folder, 'two.ndjson'), ['--threads', '2']);
    console.log(`Node ${process.version}, ${process.platform}, page cache warm: ${target}\n`);
    printHeader();
    printRow('walk only', walk);
    printRow('hash only', hash);
    printRow('scan, 1 worker', one);
    printRow('scan, 2 workers', two);
    const bound = walk.cpuSeconds + hash.cpuSeconds;
    console.log(`\n2 workers are ${(one.seconds / two.seconds).toFixed(2)} times as fast as 1.`);
    console.log(`CPU of the scan over walk and hash: ${(two.cpuSeconds / bound).toFixed(2)}.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
