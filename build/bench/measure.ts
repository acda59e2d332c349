import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { memoryOptions } from '../../agent/memory-options.ts';
import type { SweepRow } from '../../parsers/record/columns.ts';
import type { Counts } from './bounds.ts';

export interface Usage {
  /** From the start of the process to its end. */
  readonly seconds: number;
  /** Of all threads. */
  readonly cpuSeconds: number;
  readonly peakRssMegabytes: number;
}

export type Measurement = Counts & Usage;

const agent = path.join(import.meta.dirname, '../../agent/bin.mjs');
const bounds = path.join(import.meta.dirname, 'bounds.ts');
const reportUsage = pathToFileURL(path.join(import.meta.dirname, 'report-usage.mjs')).href;

/** One scan in a fresh process; `out` and `out`.sweep.json stay. */
export async function measureScan(
  targets: readonly string[],
  out: string,
  options: readonly string[] = [],
): Promise<Measurement> {
  const output = ['--format', 'ndjson', '--out', out, '--fail-on', 'never'];
  const { usage } = await measureNode([
    ...memoryOptions,
    agent,
    'scan',
    ...targets,
    ...output,
    ...options,
  ]);
  const sweep = JSON.parse(readFileSync(`${out}.sweep.json`, 'utf8')) as SweepRow;
  const { Entries, Files, Bytes } = sweep;
  return { ...usage, entries: Entries ?? 0, files: Files ?? 0, bytes: Bytes ?? 0 };
}

/** One of the things that a scan cannot do without, alone. */
export async function measureBound(
  mode: 'walk' | 'header' | 'hash',
  from: readonly string[],
): Promise<Measurement> {
  const { usage, stdout } = await measureNode([bounds, mode, ...from]);
  return { ...usage, ...(JSON.parse(stdout) as Counts) };
}

/** Another program, its output thrown away. */
export async function measureProgram(command: readonly string[]): Promise<Usage> {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null 2>&1';
  const child = spawn('/bin/bash', ['-c', script, 'bash', ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [real, user, system] = (await text(child.stderr)).trim().split(' ').map(Number);
  if (real === undefined || user === undefined || system === undefined)
    throw new Error(`${command.join(' ')}: ended without figures`);
  return { seconds: real, cpuSeconds: user + system, peakRssMegabytes: 0 };
}

/** A program of ours in a fresh process: `args` begin with options of Node or its script. */
export async function measureNode(
  args: readonly string[],
): Promise<{ usage: Usage; stdout: string }> {
  const child = spawn(process.execPath, ['--import', reportUsage, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // As bin.mjs does: else the bounds would have the cost of stripping types, which a scan has not.
    env: { ...process.env, NODE_COMPILE_CACHE: path.join(import.meta.dirname, CACHE) },
  });
  const ended = once(child, 'close');
  const [stdout, stderr, usage] = await Promise.all([
    text(child.stdio[1] as Readable),
    text(child.stdio[2] as Readable),
    text(child.stdio[3] as Readable),
    ended,
  ]);
  if (usage === '' || child.exitCode)
    throw new Error(`${args.join(' ')}: ended without figures: ${stderr}`);
  return { usage: JSON.parse(usage) as Usage, stdout };
}

const CACHE = '../../node_modules/.cache/certsweep';

export function printHeader(): void {
  console.log('                    seconds  entries/s    files/s     MB/s   CPU s  peak RSS MB');
}

export function printRow(label: string, row: Partial<Counts> & Usage): void {
  const rate = (amount = 0) => (amount === 0 ? '-' : Math.round(amount / row.seconds).toString());
  const { peakRssMegabytes: peak } = row;
  const cells = [
    label.padEnd(20),
    row.seconds.toFixed(2).padStart(6),
    rate(row.entries).padStart(10),
    rate(row.files).padStart(10),
    rate((row.bytes ?? 0) / 1e6).padStart(8),
    row.cpuSeconds.toFixed(2).padStart(7),
    (peak === 0 ? '-' : Math.round(peak).toString()).padStart(13),
  ];
  console.log(cells.join(' '));
}
