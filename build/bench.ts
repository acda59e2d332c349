/**
 * `npm run bench -- scan PATH`: how fast PATH is scanned with one and with two workers, beside what bounds it: the walk
 * alone, and the hashing alone of the images in it. Each in a fresh process, after one run that fills the page cache.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Measurement } from './bench/measure.ts';

const [command, target] = process.argv.slice(2);
if (command !== 'scan' || target === undefined) {
  console.error('usage: npm run bench -- scan PATH');
  process.exitCode = 2;
} else {
  await bench(path.resolve(target));
}

async function bench(target: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-bench-'));
  try {
    const records = path.join(folder, 'records.ndjson');
    await measure('scan', target, records, 2); // fills the page cache and lists the images
    const walk = await measure('walk', target, records, 0);
    const hash = await measure('hash', target, records, 0);
    const one = await measure('scan', target, path.join(folder, 'one.ndjson'), 1);
    const two = await measure('scan', target, path.join(folder, 'two.ndjson'), 2);
    console.log(`${process.version} on ${process.platform}, ${target}, page cache warm\n`);
    console.log('              seconds  entries/s    files/s     MB/s   CPU s  peak RSS MB');
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

function measure(
  mode: string,
  target: string,
  records: string,
  threads: number,
): Promise<Measurement> {
  const child = fork(path.join(import.meta.dirname, 'bench/measure.ts'), [
    mode,
    target,
    records,
    String(threads),
  ]);
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Measurement));
    child.once('exit', (code) => reject(new Error(`${mode} ended with ${code} and no figures`)));
  });
}

function printRow(label: string, row: Measurement): void {
  const rate = (amount: number) =>
    amount === 0 ? '-' : Math.round(amount / row.seconds).toString();
  const cells = [
    label.padEnd(15),
    row.seconds.toFixed(2).padStart(6),
    rate(row.entries).padStart(10),
    rate(row.files).padStart(10),
    rate(row.bytes / 1e6).padStart(8),
    row.cpuSeconds.toFixed(2).padStart(7),
    Math.round(row.peakRssMegabytes).toString().padStart(12),
  ];
  console.log(cells.join(' '));
}
