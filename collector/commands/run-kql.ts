import type { Plan } from '../../parsers/kql/plan.ts';
import { parseDatetime, ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import { lockDataFolder } from '../store/data-lock.ts';
import { SqliteStore } from '../store/sqlite/sqlite-store.ts';
import { StoreError } from '../store/store-error.ts';
import { UsageError } from '../usage-error.ts';

export interface PrintOptions {
  readonly data: string;
  readonly format: 'table' | 'json' | 'csv';
  readonly now?: string;
}

/** Opens the store for reading, beside a collector that may be serving it, and closes it after `work`. */
export async function withReader<Result>(
  dataFolder: string,
  work: (store: SqliteStore) => Promise<Result>,
): Promise<Result> {
  const store = await openReader(dataFolder);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** A database of an older version is brought to ours first, unless a collector is serving it. */
async function openReader(dataFolder: string): Promise<SqliteStore> {
  try {
    return await SqliteStore.open(dataFolder, 'read');
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'older-schema')) throw error;
  }
  const lock = lockDataFolder(dataFolder);
  try {
    await (await SqliteStore.open(dataFolder, 'write')).close();
  } finally {
    lock.release();
  }
  return SqliteStore.open(dataFolder, 'read');
}

/** now() of a query: `--now`, else the clock. */
export function readNow(text: string | undefined): bigint {
  const now = text === undefined ? ticksFromUnixMs(Date.now()) : parseDatetime(text);
  if (now === undefined)
    throw new UsageError(`--now takes a date and time as 2026-07-01T00:00:00Z, not ${text}`);
  return now;
}

/** The plan of a query text; a refused one is a UsageError with line and column. */
export async function compilePlan(store: SqliteStore, text: string): Promise<Plan> {
  const compiled = await store.compile(text);
  if (compiled.kind === 'refused') throw new UsageError(compiled.message);
  return compiled.plan;
}
