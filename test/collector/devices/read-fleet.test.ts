import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DeviceView, statesOf } from '../../../collector/devices/device-view.ts';
import { FLEET_LIMITS, readFleet } from '../../../collector/devices/read-fleet.ts';
import { SqliteStore } from '../../../collector/store/sqlite/sqlite-store.ts';
import type { SweepRow } from '../../../parsers/record/columns.ts';
import { ticksFromUnixMs } from '../../../parsers/record/datetime.ts';
import { temporaryFolder } from '../collector-process.ts';
import { record, sweep } from '../records.ts';

const { folder, remove } = temporaryFolder();
const DAY = 86_400_000;
const start = Date.now();
const DEVICES = 2_000;
const idOf = (index: number) => createHash('sha1').update(`${index}`).digest('hex');
let store: SqliteStore;
let batches = 0;

async function send(at: number, rows: readonly SweepRow[]): Promise<void> {
  batches += 1;
  const id = createHash('sha256').update(`${batches}`).digest('hex');
  await store.append({ id, receivedAt: ticksFromUnixMs(at), table: 'AgentSweepInfo', rows });
}

function sweepAt(device: string, name: string, endMs: number, values: Partial<SweepRow> = {}) {
  const [begun, ended] = [endMs - 60_000, endMs].map((ms) => new Date(ms).toISOString());
  return sweep({
    ...{ DeviceId: device, DeviceName: name, ScanId: `${device.slice(0, 8)}-${endMs}` },
    ...{ Timestamp: ended ?? '', StartTime: begun ?? '', EndTime: ended ?? '', Complete: true },
    ...{
      Roots: ['C:\\'],
      Skipped: { excluded: 12 },
      AgentVersion: '1.0.0',
      TrustSource: 'windows',
    },
    ...{ RuleDigest: 'rules', RootDigest: 'roots' },
    ...values,
  });
}

async function fleet(from: Pick<SqliteStore, 'run'> = store): Promise<readonly DeviceView[]> {
  const run = { now: ticksFromUnixMs(start), limits: FLEET_LIMITS };
  const silentAfter = BigInt(2 * DAY) * 10_000n;
  return readFleet({ store: from, run }, { silentAfter, tokens: [] });
}

beforeAll(async () => {
  store = await SqliteStore.open(folder, 'read-write');
  for (let day = 14; day > 0; day -= 1) {
    const at = start - day * DAY + 60_000;
    const rows = Array.from({ length: DEVICES }, (_, index) =>
      sweepAt(idOf(index), `pc${index}`, at + index, index === 7 ? { RuleDigest: 'other' } : {}),
    );
    await send(at, rows);
  }
});

afterAll(async () => {
  await store.close();
  remove();
});

test('2,000 devices with a sweep a day are told within a second, when the machine has nothing else to do', async () => {
  const times: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const begun = performance.now();
    const devices = await fleet();
    times.push(Math.round(performance.now() - begun));
    expect(devices).toHaveLength(DEVICES);
    const odd = devices.filter((device) => statesOf(device).length > 0);
    expect(odd.map(({ name, stale }) => ({ name, stale }))).toEqual([
      { name: 'pc7', stale: ['rules'] },
    ]);
  }
  console.log(`2,000 devices, 28,000 sweeps: ${times.join(', ')} ms`);
  expect(Math.min(...times)).toBeLessThan(4_000); // tests run beside each other
});

test('devices that flood the collector with sweeps cost their own view only, and are told', async () => {
  // Two machines with one id, each with a sweep a minute.
  const noisy = Array.from({ length: 1_200 }, (_, index) =>
    sweepAt('f'.repeat(40), `image-${index % 2}`, start - 2 * DAY + index * 60_000),
  );
  for (let first = 0; first < noisy.length; first += 100)
    await send(start - 2 * DAY + first * 60_000, noisy.slice(first, first + 100));
  // A device of which everything is as long as it may be, all of it in one batch.
  const text = 'x'.repeat(32_768);
  const huge = { DeviceName: `long${text.slice(4)}`, ScanId: text, RuleDigest: text };
  const long = Array.from({ length: 501 }, (_, index) =>
    sweepAt('e'.repeat(40), '', start - DAY + index * 1_000, {
      ...{ ...huge, Complete: false, Skipped: { [text]: index } },
    }),
  );
  await send(start - DAY, long);
  // More of them than are asked for one by one.
  const more = Array.from({ length: 12 * 501 }, (_, index) =>
    sweepAt(`${index % 12}`.padStart(40, 'd'), `many${index % 12}`, start - DAY + index * 61_000),
  );
  await send(start - DAY, more);

  const devices = await fleet();
  expect(devices).toHaveLength(DEVICES + 14);
  const byId = new Map(devices.map((device) => [device.id, device]));
  const cloned = byId.get('f'.repeat(40));
  expect(cloned && statesOf(cloned)).toEqual(['cloned', 'unread']);
  expect(cloned?.lastSweep?.end).toBe(ticksFromUnixMs(start - 2 * DAY + 1_199 * 60_000));
  const unread = devices.filter(({ partlyRead }) => partlyRead);
  expect(unread).toHaveLength(14);
  for (const device of unread) expect(statesOf(device)).toContain('unread');
  expect(unread.filter(({ lastSweep }) => lastSweep).length).toBe(10);
  for (const { name } of unread) expect(name).not.toBe('');
  expect(Math.max(...devices.map(({ name }) => name.length))).toBeLessThanOrEqual(255);
});

test('a device without a sweep row has the name of its flagged files, for which no other record is read', async () => {
  const asked: string[] = [];
  const device = 'c'.repeat(40);
  const rows = ['old-name', 'flagged-name'].map((DeviceName, index) =>
    record({ DeviceId: device, DeviceName, SHA1: `${index}`, Rules: index === 1 ? ['r1'] : [] }),
  );
  const receivedAt = ticksFromUnixMs(start);
  await store.append({ id: '9'.repeat(64), receivedAt, table: 'AgentFileCertificateInfo', rows });
  const watched: Pick<SqliteStore, 'run'> = {
    run: (plan, options) => {
      asked.push(JSON.stringify(plan));
      return store.run(plan, options);
    },
  };
  const devices = await fleet(watched);
  expect(devices.find(({ id }) => id === device)?.name).toBe('flagged-name');
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((plan) => plan.includes('AgentFileCertificateInfo'))).toEqual([]);
});
