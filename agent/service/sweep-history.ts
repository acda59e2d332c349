import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import type { SweepRow } from '../../parsers/record/columns.ts';

/** What `run` has done in a state folder. Its own file: the state may be rebuilt at any time. */
export interface SweepHistory {
  /** The row of the last sweep that ran to its end. */
  readonly last?: SweepRow | undefined;
  /** The last sweep that began, and how it ended; without an end it is running, or was killed. Milliseconds since 1970. */
  readonly attempt?: SweepAttempt | undefined;
}

export interface SweepAttempt {
  readonly startMs: number;
  readonly endMs?: number | undefined;
  readonly outcome?: 'complete' | 'incomplete' | 'interrupted' | 'failed' | undefined;
  /** Why it failed. */
  readonly problem?: string | undefined;
}

const FILE = 'last-sweep.json';
const FORMAT = 'certsweep last sweep 1';

/** Empty where there is none, or none that can be read: the schedule then begins anew. */
export function readHistory(stateFolder: string): SweepHistory {
  try {
    const text = readFileSync(path.join(stateFolder, FILE), 'utf8');
    const { format, last, attempt } = JSON.parse(text) as SweepHistory & { format?: unknown };
    return format === FORMAT ? { last, attempt } : {};
  } catch {
    return {};
  }
}

/** Replaces it whole, durably. */
export function writeHistory(stateFolder: string, { last, attempt }: SweepHistory): void {
  const file = path.join(stateFolder, FILE);
  const temporary = `${file}.new`;
  rmSync(temporary, { force: true });
  const descriptor = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify({ format: FORMAT, last, attempt })}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
}

/** When the last sweep that ran to its end began. */
export function lastStartMs({ last }: SweepHistory): number | undefined {
  const start = Date.parse(last?.StartTime ?? '');
  return Number.isNaN(start) ? undefined : start;
}
