import { ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import { freeDiskBytes, MIN_FREE_BYTES } from '../health/readiness.ts';
import { lockDataFolder } from '../store/data-lock.ts';
import type { StoreStatus } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { type Finding, fail, ok, sized, warn } from './finding.ts';

/** Bytes of free disk below which a person should hear of it. */
const LITTLE_FREE = 8 * MIN_FREE_BYTES;

export function checkDisk(dataFolder: string): Finding {
  const free = freeDiskBytes(dataFolder);
  const remedy = 'free some, or keep less with serve --retain';
  if (free < MIN_FREE_BYTES)
    return fail('disk', `${sized(free)} are free: no more records are taken soon`, remedy);
  if (free < LITTLE_FREE) return warn('disk', `${sized(free)} are free`, remedy);
  return ok('disk', `${sized(free)} are free`);
}

/** Whether a collector serves the folder. Not serving is no error: a person may have stopped it for this. */
export function checkLock(dataFolder: string): Finding {
  try {
    lockDataFolder(dataFolder).release();
    return ok('lock', 'no collector serves this folder now');
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'in-use')) throw error;
    return ok('lock', 'a collector is using this folder');
  }
}

/** Milliseconds that clocks of a healthy fleet may be apart. */
const MUCH_SKEW_MS = 5 * 60_000;

/** Whether this host's clock can be right: not before what it has already shown, and near those of most agents. */
export function checkClock(
  { newestReceived }: Pick<StoreStatus, 'newestReceived'>,
  skews: readonly number[],
  nowMs: number,
): Finding {
  const now = new Date(nowMs).toISOString();
  const remedy = 'check the time service of this host (timedatectl)';
  if (newestReceived !== null && newestReceived > ticksFromUnixMs(nowMs + MUCH_SKEW_MS))
    return fail('clock', `it is ${now} here, and batches came later than that`, remedy);
  const sorted = skews.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  if (Math.abs(median) <= MUCH_SKEW_MS) return ok('clock', `it is ${now} here`);
  const minutes = Math.round(Math.abs(median) / 60_000);
  const message = `the clocks of most agents are ${minutes} minutes ${median > 0 ? 'ahead of' : 'behind'} this host's`;
  return warn('clock', message, remedy);
}
