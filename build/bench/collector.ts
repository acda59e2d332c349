import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { Doors } from '../../collector/doors/doors.ts';
import { Bodies } from './collector/bodies.ts';
import { Fleet } from './collector/fleet.ts';
import { countRows, type LoadFigures, type LoadTarget, load } from './collector/load.ts';
import { ServeProcess } from './collector/serve-process.ts';

export interface CollectorBench {
  /** At the end; figures are printed for a quarter of them, too. */
  readonly rows: number;
  /** Where profiles of the collector's CPU go. They slow it down. */
  readonly profile: string | undefined;
  /** Whether the data stays, and where is told. */
  readonly keep: boolean;
}

/**
 * `npm run bench -- collector`: how fast `serve` with tokens stores the batches of a fleet that a client on the same machine
 * sends over HTTP, and how fast it answers meanwhile. Batches are made before.
 */
export async function benchCollector({ rows, profile, keep }: CollectorBench): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-bench-'));
  try {
    const fleet = new Fleet();
    const bodies = new Bodies(fleet, rows, path.join(folder, 'bodies'));
    const bytesOf = (bytes: number) => `${Math.round(bytes / rows)} bytes a row`;
    const [model] = cpus();
    console.log(`Node ${process.version}, ${process.platform}, ${cpus().length} × ${model?.model}`);
    console.log(`${rows} rows of ${fleet.deviceIds.length} devices in batches of one device`);
    console.log(`${bytesOf(bodies.rawBytes)} as NDJSON, ${bytesOf(bodies.sentBytes)} on the wire`);
    const data = path.join(folder, 'data');
    const tokens = makeTokens(data, fleet.deviceIds);
    const options = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
    const serve = await ServeProcess.start(data, options);
    await serve.ready();
    const target = { ...tokens, url: serve.url };
    const quarter = Math.floor(rows / 4);
    await measure('×1', serve, bodies, target, quarter);
    await measure('×4', serve, bodies, target, rows - quarter);
    const stored = await countRows(target);
    await serve.stop();
    bodies.close();
    if (stored !== rows) throw new Error(`${rows} rows were acknowledged, ${stored} are there`);
    if (keep) console.log(`data: ${data}`);
  } finally {
    if (!keep) rmSync(folder, { recursive: true, force: true });
  }
}

function makeTokens(data: string, deviceIds: readonly string[]): Omit<LoadTarget, 'url'> {
  mkdirSync(data);
  const doors = new Doors(data, Date.now);
  try {
    return {
      deviceTokens: deviceIds.map((deviceId) => doors.add({ kind: 'device', deviceId })),
      readerToken: doors.add({ kind: 'reader', name: 'bench' }),
    };
  } finally {
    doors.close();
  }
}

async function measure(
  label: string,
  serve: ServeProcess,
  bodies: Bodies,
  target: LoadTarget,
  rows: number,
): Promise<void> {
  const cpu = serve.cpuSeconds;
  serve.walPeak = 0;
  const figures = await load(target, bodies, rows);
  const cpuMicroseconds = ((serve.cpuSeconds - cpu) / figures.rows) * 1e6;
  const total = await countRows(target);
  print(label, figures, [
    ['bytes a row on disk', serve.databaseBytes / total, '≤ 120'],
    ['CPU of the collector, µs a row', cpuMicroseconds, ''],
    ['peak of the WAL, MB', serve.walPeak / 1e6, '< 100'],
    ['peak RSS so far, MB', serve.rssPeak / 1e6, ''],
  ]);
}

type Line = readonly [name: string, value: number, aim: string];

function print(label: string, figures: LoadFigures, more: readonly Line[]): void {
  const { rows, seconds, queries, busy, found } = figures;
  console.log(`\n${label}: ${rows} rows in ${seconds.toFixed(1)} s, ${busy} times busy`);
  console.log(`TightVNC, ${queries.length} times, at last on ${found} devices\n`);
  const lines: readonly Line[] = [
    ['rows/s over HTTP', rows / seconds, '18,000, floor 12,000'],
    ['TightVNC query, p50 ms', percentile(queries, 0.5), '≤ 20'],
    ['TightVNC query, p99 ms', percentile(queries, 0.99), '≤ 80'],
    ...more,
  ];
  for (const [name, value, aim] of lines) {
    const end = aim === '' ? '' : `   aim ${aim}`;
    console.log(`${name.padEnd(34)} ${value.toFixed(1).padStart(9)}${end}`);
  }
}

function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? NaN;
}
