import { ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import type { CollectorLog } from '../log/collector-log.ts';
import type { CollectorMetrics } from '../metrics/collector-metrics.ts';
import type { Store } from '../store/store.ts';
import { UsageError } from '../usage-error.ts';
import { parseDuration } from './duration.ts';

const DAY_MS = 86_400_000;
const MAX_DAYS = 3_660;
const EVERY_MS = 3_600_000;

export interface RetentionParts {
  readonly store: Pick<Store, 'retain' | 'status'>;
  readonly log: CollectorLog;
  readonly metrics: CollectorMetrics;
  /** Aborted when the collector stops: what is in progress is then left for the next start. */
  readonly stopping: AbortSignal;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** The age in milliseconds that `--retain` names: a day at least, since 30m is meant as months by whoever writes it. */
export function parseRetention(text: string): number {
  const age = parseDuration(text, '--retain', MAX_DAYS);
  if (age >= DAY_MS) return age;
  throw new UsageError(`--retain ${text} is less than a day: m is minutes; write days, as 30d`);
}

/** Removes records that are older than `age` milliseconds now, and then hourly until the collector stops. */
export function startRetention(age: number, parts: RetentionParts): void {
  const { stopping } = parts;
  const timer = setInterval(() => void retainOnce(age, parts), EVERY_MS);
  timer.unref();
  stopping.addEventListener('abort', () => clearInterval(timer), { once: true });
  void retainOnce(age, parts);
}

async function retainOnce(age: number, parts: RetentionParts): Promise<void> {
  const { store, log, metrics, stopping, clock } = parts;
  const started = clock();
  const before = started - age;
  const limit = new Date(before).toISOString();
  try {
    if (await wouldLeaveNothing(store, before)) {
      const message = `nothing was removed: all rows are from before ${limit}. Is the clock right? It is tried again hourly, and done once newer rows have come`;
      metrics.retained('skipped', 0);
      log.warn('retention', message, { removed: 0, before: limit });
      return;
    }
    const { removed } = await store.retain(ticksFromUnixMs(before));
    const milliseconds = clock() - started;
    metrics.retained('done', removed);
    log.info('retention', `removed ${removed} rows from before ${limit}, in ${milliseconds} ms`, {
      removed,
      before: limit,
      milliseconds,
    });
  } catch (error) {
    if (stopping.aborted) return; // the store was closed under it: begins again at the next start
    const reason = error instanceof Error ? error.message : String(error);
    metrics.retained('failed', 0);
    log.error('retention', `old rows could not be removed: ${reason}; tried again in an hour`);
  }
}

/** A clock that is years ahead, or a collector that was off for months, must not empty the store at its start. */
async function wouldLeaveNothing(store: Pick<Store, 'status'>, before: number): Promise<boolean> {
  const { newestReceived } = await store.status();
  return newestReceived !== null && newestReceived < ticksFromUnixMs(before);
}
