import path from 'node:path';
import type { FileCertificateRecord, SweepRow } from '../../parsers/record/columns.ts';
import type { Collector } from './processes.ts';
import type { SoakTree } from './tree.ts';

interface Stored {
  readonly file: string;
  readonly reportId: unknown;
}

export interface SoakVerdict {
  /** Sweeps whose sweep row is at the collector. */
  readonly sweeps: number;
  readonly rows: number;
  /** What is missing, double or wrong. Empty where all is well. */
  readonly faults: readonly string[];
}

const RECORDS = 'AgentFileCertificateInfo';

/**
 * Compares the collector with what it must hold: every row that it has acknowledged or that was durable in a spool, each
 * file at most once a sweep, and where a sweep row says that a sweep ended, each file of the tree exactly once.
 */
export async function judge(
  collector: Pick<Collector, 'query'>,
  tree: SoakTree,
  mustHold: ReadonlySet<string>,
): Promise<SoakVerdict> {
  const faults: string[] = [];
  const promised = promisedRows(mustHold);
  const sweeps = await sweepRows(collector, faults);
  for (const scanId of promised.sweeps)
    if (!sweeps.has(scanId)) faults.push(`sweep ${scanId}: its acknowledged sweep row is missing`);
  let rows = 0;
  for (const scanId of new Set([...promised.records.keys(), ...sweeps.keys()])) {
    const stored = await recordsOf(collector, scanId);
    rows += stored.length;
    const fault = (what: string) => faults.push(`sweep ${scanId}: ${what}`);
    const files = stored.map(({ file }) => file);
    const different = new Set(files);
    if (different.size < files.length)
      fault(`${files.length - different.size} files are there twice`);
    const found = new Set(stored.map(({ file, reportId }) => `${reportId} ${file}`));
    const lost = [...(promised.records.get(scanId) ?? [])].filter((row) => !found.has(row));
    if (lost.length > 0) fault(`${lost.length} promised rows are missing, as ${lost[0]}`);
    const sweep = sweeps.get(scanId);
    if (sweep === undefined) continue;
    for (const [name, expected] of [
      ['flagged', tree.flagged],
      ['other', tree.others],
    ] as const) {
      const missing = [...expected].filter((file) => !different.has(file));
      if (missing.length > 0)
        fault(`${missing.length} ${name} files are missing, as ${missing[0]}`);
    }
    if (sweep.Records !== stored.length)
      fault(`its sweep row speaks of ${sweep.Records} records, ${stored.length} are there`);
    if (!sweep.Complete || sweep.SpoolDropped !== 0)
      fault('its sweep row says that it is not complete');
  }
  return { sweeps: sweeps.size, rows, faults };
}

interface Promised {
  /** Sweeps whose sweep row was seen. */
  readonly sweeps: ReadonlySet<string>;
  /** ReportId and path, by sweep. */
  readonly records: ReadonlyMap<string, ReadonlySet<string>>;
}

function promisedRows(lines: ReadonlySet<string>): Promised {
  const sweeps = new Set<string>();
  const records = new Map<string, Set<string>>();
  for (const line of lines) {
    const row = JSON.parse(line.slice(line.indexOf(' '))) as FileCertificateRecord;
    const scanId = String(row.ScanId);
    if (!line.startsWith(RECORDS)) {
      sweeps.add(scanId);
      continue;
    }
    const file = path.join(row.FolderPath ?? '', row.FileName ?? '');
    const known = records.get(scanId) ?? new Set();
    records.set(scanId, known.add(`${row.ReportId} ${file}`));
  }
  return { sweeps, records };
}

async function sweepRows(
  collector: Pick<Collector, 'query'>,
  faults: string[],
): Promise<Map<string, Pick<SweepRow, 'Records' | 'Complete' | 'SpoolDropped'>>> {
  const sweeps = new Map();
  const query = 'AgentSweepInfo | project ScanId, Records, Complete, SpoolDropped';
  for (const [scanId, Records, Complete, SpoolDropped] of await collector.query(query)) {
    if (sweeps.has(scanId)) faults.push(`sweep ${scanId}: its sweep row is there twice`);
    sweeps.set(scanId, { Records, Complete: Boolean(Complete), SpoolDropped });
  }
  return sweeps;
}

async function recordsOf(collector: Pick<Collector, 'query'>, scanId: string): Promise<Stored[]> {
  const query = `${RECORDS} | where ScanId == "${scanId}" | project FolderPath, FileName, ReportId`;
  return (await collector.query(query)).map(([folder, name, reportId]) => ({
    file: path.join(String(folder), String(name)),
    reportId,
  }));
}
