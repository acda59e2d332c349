import { ticksFromUnixMs, unixMsFromTicks } from '../../parsers/record/datetime.ts';
import { type Contacts, readContacts } from '../health/contacts.ts';
import { freeDiskBytes } from '../health/readiness.ts';
import type { Store, StoreStatus } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import type { CollectorMetrics } from './collector-metrics.ts';

/** Milliseconds that a scrape waits for the store; Prometheus gives up after 10 s, and then has nothing at all. */
const PATIENCE_MS = 2_000;

export interface GaugeSources {
  readonly store: Pick<Store, 'run' | 'status'>;
  readonly dataFolder: string;
  /** Calls that the store has not answered yet, by queue. */
  readonly queues: () => Readonly<Record<string, number>>;
  /** When the certificate that TLS shows ends; undefined without TLS. */
  readonly certificateEnd: () => Date | undefined;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/**
 * Gauges of the disk, the certificate, and what the store knows. The store is asked anew at each scrape; where it does not
 * answer in time its gauges are left out, and `store_answers` is 0.
 */
export function addStoreGauges(metrics: CollectorMetrics, sources: GaugeSources): void {
  const { dataFolder, queues, certificateEnd } = sources;
  let known: { readonly status: StoreStatus; readonly contacts: Contacts } | undefined;
  let asking: Promise<typeof known> | undefined;
  metrics.beforeScrape(async () => {
    asking ??= ask(sources).finally(() => {
      asking = undefined;
    });
    known = await withPatience(asking);
  });
  metrics.gauge('store_answers', 'Whether the store answered this scrape.', () => (known ? 1 : 0));
  metrics.gauge('records', 'Records that are kept.', () => known?.status.observations);
  metrics.gauge('database_bytes', 'Of the database file.', () => known?.status.databaseBytes);
  metrics.gauge('database_free_bytes', 'Of it, empty.', () => known?.status.freeBytes);
  metrics.gauge('wal_bytes', 'Written, not yet in it.', () => known?.status.walBytes);
  metrics.gauge('devices', 'Devices that ever sent a batch.', () => known?.contacts.devices);
  metrics.gauge(
    'devices_silent',
    'Devices of which nothing has come for two days.',
    () => known?.contacts.silent,
  );
  metrics.gauge('newest_batch_time_seconds', 'When the newest batch came, since 1970.', () =>
    seconds(known?.status.newestReceived),
  );
  metrics.gauge('last_retention_time_seconds', 'When retention last ran, since 1970.', () =>
    seconds(known?.status.lastRetention?.at),
  );
  metrics.gauge('disk_free_bytes', 'Free for the data folder.', () => freeDiskBytes(dataFolder));
  metrics.gauge('queue_length', 'Calls that the store has not answered yet.', () =>
    Object.entries(queues()).map(([queue, length]) => [{ queue }, length] as const),
  );
  metrics.gauge('certificate_end_time_seconds', 'When the certificate ends, since 1970.', () => {
    const end = certificateEnd();
    return end && end.getTime() / 1000;
  });
}

/** Undefined where the store cannot answer; its own errors are logged by those who need it to. */
async function ask({ store, clock }: GaugeSources) {
  try {
    const [status, contacts] = await Promise.all([
      store.status(),
      readContacts(store, ticksFromUnixMs(clock())),
    ]);
    return { status, contacts };
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}

async function withPatience<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, patience]);
  } finally {
    clearTimeout(timer);
  }
}

/** 100 ns ticks since year 1 as seconds since 1970. */
function seconds(ticks: bigint | null | undefined): number | undefined {
  if (ticks === null || ticks === undefined) return undefined;
  return unixMsFromTicks(ticks) / 1000;
}
