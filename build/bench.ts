/**
 * `npm run bench -- scan PATH`: how fast PATH is scanned with one and with two workers, beside what bounds it: the walk
 * alone, and the hashing alone of the images in it. Each in a fresh process, after one run that fills the page cache.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import type { SweepRow } from '../parsers/record/columns.ts';
import type { Counts } from './bench/bounds.ts';
import { benchPeers } from './bench/peers.ts';
import { benchSignatures } from './bench/signature-cost.ts';

interface Usage {
  readonly seconds: number;
  /** Of all threads. */
  readonly cpuSeconds: number;
  readonly peakRssMegabytes: number;
}

type Measurement = Counts & Usage;

const agent = path.join(import.meta.dirname, '../agent/bin.mjs');
const bounds = path.join(import.meta.dirname, 'bench/bounds.ts');
const reportUsage = pathToFileURL(path.join(import.meta.dirname, 'bench/report-usage.mjs')).href;

const [command, target, roots] = process.argv.slice(2);
if (command === 'scan' && target !== undefined) {
  await bench(path.resolve(target));
} else if (command === 'peers' && target !== undefined && roots !== undefined) {
  benchPeers(path.resolve(target), path.resolve(roots));
} else if (command === 'signatures' && target !== undefined && roots !== undefined) {
  await benchSignatures(path.resolve(target), path.resolve(roots));
} else {
  console.error('usage: npm run bench -- scan PATH | peers PATH ROOTS | signatures PATH ROOTS');
  process.exitCode = 2;
}

async function bench(target: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-bench-'));
  try {
    const records = path.join(folder, 'records.ndjson');
    await measureScan(target, records, 2); // fills the page cache and lists the images
    const walk = await measureBound('walk', target);
    const hash = await measureBound('hash', records);
    const one = await measureScan(target, path.join(folder, 'one.ndjson'), 1);
    const two = await measureScan(target, path.join(folder, 'two.ndjson'), 2);
    console.log(`Node ${process.version}, ${process.platform}, page cache warm: ${target}\n`);
    console.log('                seconds  entries/s    files/s     MB/s   CPU s  peak RSS MiB');
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

async function measureScan(target: string, out: string, threads: number): Promise<Measurement> {
  const output = ['--format', 'ndjson', '--out', out, '--fail-on', 'never'];
  const { usage } = await run([
    '--max-semi-space-size=1',
    agent,
    'scan',
    target,
    ...output,
    '--threads',
    `${threads}`,
  ]);
  const sweep = JSON.parse(readFileSync(`${out}.sweep.json`, 'utf8')) as SweepRow;
  const { Entries, Files, Bytes } = sweep;
  return { ...usage, entries: Entries ?? 0, files: Files ?? 0, bytes: Bytes ?? 0 };
}

async function measureBound(mode: 'walk' | 'hash', from: string): Promise<Measurement> {
  const { usage, stdout } = await run([bounds, mode, from]);
  return { ...usage, ...(JSON.parse(stdout) as Counts) };
}

async function run(args: readonly string[]): Promise<{ usage: Usage; stdout: string }> {
  const child = spawn(process.execPath, ['--import', reportUsage, ...args], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  const [stdout, usage] = await Promise.all([
    text(child.stdio[1] as Readable),
    text(child.stdio[3] as Readable),
  ]);
  if (usage === '') throw new Error(`${args.join(' ')}: ended without figures`);
  return { usage: JSON.parse(usage) as Usage, stdout };
}

function printRow(label: string, row: Measurement): void {
  const rate = (amount: number) =>
    amount === 0 ? '-' : Math.round(amount / row.seconds).toString();
  const cells = [
    label.padEnd(16),
    row.seconds.toFixed(2).padStart(6),
    rate(row.entries).padStart(10),
    rate(row.files).padStart(10),
    rate(row.bytes / 1e6).padStart(8),
    row.cpuSeconds.toFixed(2).padStart(7),
    Math.round(row.peakRssMegabytes).toString().padStart(13),
  ];
  console.log(cells.join(' '));
}
