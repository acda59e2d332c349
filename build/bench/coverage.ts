import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { memoryOptions } from '../../collector/memory-options.ts';
import { SqliteStore } from '../../collector/store/sqlite/sqlite-store.ts';
import type { FileCertificateRecord } from '../../parsers/record/columns.ts';
import { canonicalColumns, recordColumns } from '../../parsers/record/columns.ts';
import { ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import { Fleet } from './collector/fleet.ts';
import { measureNode } from './measure.ts';

const ROWS_A_SWEEP = 500;
/** Defender has a file so much later than the agent. */
const DELAY_MS = 90 * 60_000;
/** One row in so many is not in the export. */
const MISSED = 50;
const collector = path.join(import.meta.dirname, '../../collector/bin.mjs');
const names = Object.keys(canonicalColumns) as (keyof FileCertificateRecord)[];
const noValues = Object.fromEntries(Object.keys(recordColumns).map((name) => [name, null]));

/**
 * `npm run bench -- coverage`: `rows` records of a fleet and an export of them in Graph's format, from which one row in fifty is
 * missing; what `collector coverage` takes in a process of its own, by format of its report.
 */
export async function benchCoverage(rows: number): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-bench-'));
  try {
    const data = path.join(folder, 'data');
    const file = path.join(folder, 'export.json');
    const made = await makeSides(rows, data, file);
    const [model] = cpus();
    console.log(`Node ${process.version}, ${process.platform}, ${cpus().length} × ${model?.model}`);
    console.log(`${rows} records, ${made.exported} rows of an export of ${mega(made.bytes)} MB`);
    for (const format of ['table', 'json', 'csv', 'html']) {
      const args = ['coverage', file, '--data', data, '--format', format];
      const out = ['--out', path.join(folder, 'report')];
      const { usage } = await measureNode([...memoryOptions, collector, ...args, ...out]);
      const { seconds, cpuSeconds, peakRssMegabytes: peak } = usage;
      const parts = [`${seconds.toFixed(1)} s`, `${cpuSeconds.toFixed(1)} s of CPU`];
      console.log(`${format}: ${parts.join(', ')}, ${peak.toFixed(0)} MB resident at most`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeSides(rows: number, data: string, file: string) {
  const fleet = new Fleet();
  const sweeps = Math.ceil(rows / ROWS_A_SWEEP);
  const store = await SqliteStore.open(data, 'write');
  const descriptor = openSync(file, 'wx');
  let bytes = writeSync(descriptor, '{"schema":[],"results":[');
  let exported = 0;
  try {
    for (let index = 0; index < sweeps; index += 1) {
      const count = Math.min(ROWS_A_SWEEP, rows - index * ROWS_A_SWEEP);
      const records = fleet
        .sweep(index, sweeps, count)
        .map((row) => ({ ...noValues, ...row }) as FileCertificateRecord);
      const receivedAt = ticksFromUnixMs(Date.UTC(2026, 6, 5));
      const id = index.toString(16).padStart(64, '0');
      await store.append({ id, table: 'AgentFileCertificateInfo', rows: records, receivedAt });
      let text = '';
      for (const [at, row] of records.entries()) {
        if (at % MISSED === MISSED - 1) continue;
        text += `${exported === 0 ? '' : ','}${JSON.stringify(exportedRow(row))}`;
        exported += 1;
      }
      bytes += writeSync(descriptor, text);
    }
    bytes += writeSync(descriptor, ']}');
  } finally {
    closeSync(descriptor);
    await store.close();
  }
  return { exported, bytes };
}

function exportedRow(row: FileCertificateRecord): object {
  const values = Object.fromEntries(names.map((name) => [name, row[name]]));
  const later = Date.parse(row.Timestamp ?? '') + DELAY_MS;
  return { ...values, Timestamp: new Date(later).toISOString().replace('Z', '1234Z') };
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
