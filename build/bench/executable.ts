import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { memoryOptions } from '../../agent/memory-options.ts';
import type { FileCertificateRecord } from '../../parsers/record/columns.ts';

const STARTS = 21;
const SCANS = 5;
const agent = path.join(import.meta.dirname, '../../agent/bin.mjs');
/** As the npm script has it, which is how people run a checkout. */
const source = [process.execPath, ...memoryOptions, agent];

/**
 * The executable `file` beside bare Node (starting) and beside this checkout (scanning `tree`, same records?), by turns. Prints medians.
 */
export function benchExecutable(file: string, tree: string): void {
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
  console.log(`${file}, SHA-256 ${digest}\nNode ${process.version}, ${cpus()[0]?.model}\n`);

  const starts = byTurns(STARTS, [
    [process.execPath, '-e', '0'],
    [file, '--version'],
  ]);
  report('start', 'node -e 0', 'executable --version', starts);

  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-bench-'));
  try {
    const scan = (name: string): string[] => [
      ...['scan', tree, '--format', 'ndjson', '--out', path.join(folder, name)],
      ...['--fail-on', 'never', '--threads', '2', '--quiet'],
    ];
    const commands = [
      [...source, ...scan('source')],
      [file, ...scan('executable')],
    ];
    byTurns(1, commands); // fills the page cache
    report('scan', 'source', 'executable', byTurns(SCANS, commands));
    const [a, b] = ['source', 'executable'].map((name) => readRecords(path.join(folder, name)));
    const same = JSON.stringify(a) === JSON.stringify(b);
    console.log(
      `records: ${a?.length}, ${same ? 'identical' : 'THEY DIFFER'} but for times and ids`,
    );
    if (!same) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds of each run, by command, each sorted. */
function byTurns(rounds: number, commands: readonly (readonly string[])[]): number[][] {
  const seconds = commands.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, [program = '', ...args]] of commands.entries()) {
      const start = process.hrtime.bigint();
      const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
      if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
      seconds[index]?.push(Number(process.hrtime.bigint() - start) / 1e9);
    }
  return seconds.map((each) => each.toSorted((a, b) => a - b));
}

function report(what: string, first: string, second: string, runs: readonly number[][]): void {
  const [a = 0, b = 0] = runs.map((each) => each[each.length >> 1] ?? 0);
  const row = (label: string, median: number, all: readonly number[] = []) =>
    console.log(
      `${what}: ${label.padEnd(22)} median ${median.toFixed(3)} s, ${all[0]?.toFixed(3)} to ${all.at(-1)?.toFixed(3)}`,
    );
  row(first, a, runs[0]);
  row(second, b, runs[1]);
  console.log(`${what}: ${second} / ${first} = ${(b / a).toFixed(2)} in time\n`);
}

/** Where a finding tells at which time a certificate was judged, and that this is the time of the scan. */
const JUDGED_NOW = /not at \S+ \(now/g;

/** What is left of the records without times and ids, in an order of their own. */
function readRecords(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines
    .map((line) => {
      const { Timestamp, ReadTime, ScanId, ReportId, ...rest } = JSON.parse(
        line,
      ) as FileCertificateRecord;
      return JSON.stringify(rest).replaceAll(JUDGED_NOW, '');
    })
    .toSorted();
}
