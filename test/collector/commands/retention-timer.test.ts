import { afterAll, expect, test } from 'vitest';
import { startRetention } from '../../../collector/commands/retention-timer.ts';
import { CollectorLog } from '../../../collector/log/collector-log.ts';
import { CollectorMetrics } from '../../../collector/metrics/collector-metrics.ts';
import { SqliteStore } from '../../../collector/store/sqlite/sqlite-store.ts';
import { ticksFromUnixMs } from '../../../parsers/record/datetime.ts';
import { temporaryFolder } from '../collector-process.ts';
import { record } from '../records.ts';

const DAY_MS = 86_400_000;
const { folder, remove } = temporaryFolder();
afterAll(remove);

test('what a wrong clock calls old, all of it, stays until newer rows have come', async () => {
  const store = await SqliteStore.open(folder, 'read-write');
  const stopping = new AbortController();
  const metrics = new CollectorMetrics();
  try {
    const received = Date.parse('2026-07-01T00:00:00Z');
    const append = (id: string, at: number) =>
      store.append({
        id,
        table: 'AgentFileCertificateInfo',
        rows: [record({ Timestamp: new Date(at).toISOString() })],
        receivedAt: ticksFromUnixMs(at),
      });
    await append('aa', received);
    const lines: string[] = [];
    const log = new CollectorLog('info', { write: (text) => lines.push(text), terminal: true });
    const clock = () => received + 365 * DAY_MS;
    const parts = { store, log, metrics, stopping: stopping.signal, clock };

    startRetention(30 * DAY_MS, parts);
    await expect.poll(() => lines.join('')).toContain('nothing was removed: all rows are from');
    expect((await store.status()).observations).toBe(1);

    await append('bb', clock());
    startRetention(30 * DAY_MS, parts);
    await expect.poll(() => lines.join('')).toContain('removed 1 rows from before');
    expect((await store.status()).observations).toBe(1);
  } finally {
    stopping.abort();
    metrics.close();
    await store.close();
  }
});
