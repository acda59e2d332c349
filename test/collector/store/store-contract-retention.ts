import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Batch, DEFAULT_QUERY_LIMITS, type Store } from '../../../collector/store/store.ts';
import type { FileCertificateRecord, SweepRow, tables } from '../../../parsers/record/columns.ts';
import { parseDatetime, ticksFromUnixMs } from '../../../parsers/record/datetime.ts';
import { record, sweep } from '../records.ts';
import { everything } from './store-contract.ts';

const options = { now: 0n, limits: DEFAULT_QUERY_LIMITS };
const ticks = (iso: string) => parseDatetime(iso) ?? 0n;
const day = (number: number) => `2026-07-${String(number).padStart(2, '0')}T00:00:00Z`;

/** What every store promises of old rows, of what outlives them, and of copies. */
export function retentionContract(
  name: string,
  open: () => Promise<Store>,
  clear: () => void,
): void {
  describe(`the contract of a store, over time: ${name}`, () => {
    let store: Store;
    let batches = 0;

    beforeEach(async () => {
      clear();
      store = await open();
    });

    afterEach(async () => {
      await store.close();
    });

    const append = (rows: FileCertificateRecord[], receivedAt: bigint, sentAt?: bigint) => {
      batches += 1;
      const id = String(batches).padStart(64, '0');
      const sent = sentAt === undefined ? {} : { sentAt };
      return store.append({ id, table: 'AgentFileCertificateInfo', rows, receivedAt, ...sent });
    };
    const appendSweep = (row: SweepRow, receivedAt: bigint) => {
      batches += 1;
      const id = String(batches).padStart(64, '0');
      return store.append({ id, table: 'AgentSweepInfo', rows: [row], receivedAt } as Batch);
    };
    const readTable = async (table: keyof typeof tables, by: string) => {
      const { columns, rows } = await store.run(everything(table, by), options);
      return rows.map((row) => Object.fromEntries(columns.map((c, index) => [c.name, row[index]])));
    };
    const flagged = { Rules: ['tightvnc'], FolderPath: 'C:\\', FileName: 'v.exe', SHA1: 'b' };

    test('a flagged file has one sighting, with its first and last time and all rules', async () => {
      await append([record({ ...flagged, Timestamp: day(3), DeviceName: 'new' })], 9n);
      await append([record({ ...flagged, Timestamp: day(1), DeviceName: 'old' })], 9n);
      await append([record({ ...flagged, Timestamp: day(2), Rules: ['other'] })], 9n);
      await append([record({ ...flagged, Timestamp: day(2), SHA1: 'c' })], 9n);
      await append([record({ ...flagged, Rules: [], SHA1: 'd' }), record({ SHA1: 'e' })], 9n);
      expect(await readTable('AgentSightingInfo', 'SHA1')).toEqual([
        {
          DeviceId: 'a'.repeat(40),
          DeviceName: 'new',
          FolderPath: 'C:\\',
          FileName: 'v.exe',
          SHA1: 'b',
          Rules: ['tightvnc', 'other'],
          FirstSeen: ticks(day(1)),
          LastSeen: ticks(day(3)),
        },
        expect.objectContaining({ SHA1: 'c', FirstSeen: ticks(day(2)), LastSeen: ticks(day(2)) }),
      ]);
    });

    test.each([
      { name: 'no array', Rules: 'tightvnc' },
      { name: 'an array of other things', Rules: [{ id: 'x' }, 7] },
    ])('Rules that are $name make no sighting', async ({ Rules }) => {
      await append([record({ ...flagged, Rules })], 9n);
      expect(await readTable('AgentSightingInfo', 'SHA1')).toEqual([]);
    });

    test('rules of one sighting are bounded: the first 64 stay', async () => {
      const many = Array.from({ length: 100 }, (_, index) => `rule ${index}`);
      await append([record({ ...flagged, Rules: many })], 9n);
      await append([record({ ...flagged, Rules: ['another'] })], 9n);
      const [row] = await readTable('AgentSightingInfo', 'SHA1');
      expect(row?.Rules).toEqual(many.slice(0, 64));
    });

    test('a device has one contact, of its first and last batch, with the skew of the last', async () => {
      const second = 10_000_000n;
      await append([record({})], 100n * second, 98n * second);
      await append([record({ ReportId: 1 }), record({ DeviceId: 'other' })], 200n * second);
      await appendSweep(sweep({ ScanId: 's' }), 300n * second);
      await append([record({ ReportId: 2 })], 400n * second, 401n * second + 5_000_000n);
      await append([record({ ReportId: 3 })], 350n * second, 1n); // overtaken by the one before
      expect(await readTable('AgentContactInfo', 'FirstContact')).toEqual([
        {
          DeviceId: 'a'.repeat(40),
          FirstContact: 100n * second,
          LastContact: 400n * second,
          LastSent: 401n * second + 5_000_000n,
          ClockSkewMs: 1500n,
        },
        {
          DeviceId: 'other',
          FirstContact: 200n * second,
          LastContact: 200n * second,
          LastSent: null,
          ClockSkewMs: null,
        },
      ]);
    });

    test('a batch that was there already is a contact, too', async () => {
      const batch = { id: 'f'.repeat(64), table: 'AgentFileCertificateInfo' } as const;
      await store.append({ ...batch, rows: [record({})], receivedAt: 5n });
      await store.append({ ...batch, rows: [record({})], receivedAt: 7n });
      const [contact] = await readTable('AgentContactInfo', 'DeviceId');
      expect(contact).toMatchObject({ FirstContact: 5n, LastContact: 7n });
    });

    test('old rows and sweeps go, newer ones, sightings and contacts stay', async () => {
      const received = ticks(day(20));
      const old = Array.from({ length: 4500 }, (_, ReportId) =>
        record({ ...flagged, ReportId, Timestamp: day(1), FileName: `old ${ReportId % 10}` }),
      );
      await append([...old, record({ ReportId: 9000, Timestamp: day(10) })], received);
      await appendSweep(sweep({ ScanId: 'old', Timestamp: day(9) }), received);
      await appendSweep(sweep({ ScanId: 'new', Timestamp: day(10) }), received);

      expect(await store.retain(ticks(day(10)))).toEqual({ removed: 4501 });
      const rows = await readTable('AgentFileCertificateInfo', 'ReportId');
      expect(rows.map(({ ReportId }) => ReportId)).toEqual([9000n]);
      const sweeps = await readTable('AgentSweepInfo', 'Timestamp');
      expect(sweeps.map(({ ScanId }) => ScanId)).toEqual(['new']);
      expect(await readTable('AgentSightingInfo', 'SHA1')).toHaveLength(10);
      expect(await readTable('AgentContactInfo', 'DeviceId')).toHaveLength(1);
      expect(await store.status()).toMatchObject({
        observations: 1,
        devices: 1,
        newestReceived: received,
        lastRetention: { removed: 4501 },
      });
      expect(await store.retain(ticks(day(10)))).toEqual({ removed: 0 });
    });

    test('a removed row that comes again in another batch is taken, and its sighting stays as it was', async () => {
      const rows = [record({ ...flagged, Timestamp: day(1) })];
      await append(rows, ticks(day(20)));
      await store.retain(ticks(day(10)));
      expect(await append(rows, ticks(day(20)))).toMatchObject({ stored: 1, duplicate: false });
      expect(await readTable('AgentFileCertificateInfo', 'ReportId')).toMatchObject([
        { FileName: 'v.exe', Rules: ['tightvnc'] },
      ]);
      expect(await readTable('AgentSightingInfo', 'SHA1')).toHaveLength(1);
    });

    test('a row dated into the future goes by the day it was received', async () => {
      const future = record({ Timestamp: '9999-01-01T00:00:00Z', ReportId: 1 });
      await append([future, record({ Timestamp: day(20), ReportId: 2 })], ticks(day(5)));
      await append([record({ Timestamp: day(21), ReportId: 3 })], ticks(day(22)));
      await store.retain(ticks(day(4)));
      expect(await readTable('AgentFileCertificateInfo', 'ReportId')).toHaveLength(3);
      expect(await store.retain(ticks(day(10)))).toEqual({ removed: 1 });
      const rows = await readTable('AgentFileCertificateInfo', 'ReportId');
      expect(rows.map(({ ReportId }) => ReportId)).toEqual([2n, 3n]);
    });

    test('batches are written between the steps of a retention, and what they use is kept', async () => {
      const files = (from: number, Timestamp: string) =>
        Array.from({ length: 3000 }, (_, index) =>
          record({ ReportId: from + index, Timestamp, FileName: `${index}.exe` }),
        );
      await append(files(0, day(1)), ticks(day(20)));
      await append([record({ Timestamp: day(20), FileName: 'kept.exe' })], ticks(day(20)));
      const retained = store.retain(ticks(day(10)));
      const stored = await Promise.all([
        append(files(10_000, day(20)), ticks(day(20))),
        append(files(20_000, day(20)), ticks(day(20))),
      ]);
      expect(stored.map((result) => result.stored)).toEqual([3000, 3000]);
      expect(await retained).toEqual({ removed: 3000 });
      const rows = await readTable('AgentFileCertificateInfo', 'ReportId');
      expect(rows).toHaveLength(6001);
      expect(rows.every(({ FileName }) => String(FileName).endsWith('.exe'))).toBe(true);
    });

    test('a second retention is refused while one runs', async () => {
      await append([record({})], 5n);
      const [first, second] = await Promise.allSettled([store.retain(9n), store.retain(9n)]);
      expect(first.status).toBe('fulfilled');
      expect(second).toMatchObject({ reason: { name: 'StoreError', code: 'busy' } });
    });

    test('an empty store has a status', async () => {
      expect(await store.status()).toMatchObject({
        observations: 0,
        devices: 0,
        oldestReceived: null,
        newestReceived: null,
        lastRetention: null,
      });
    });

    test('a backup is a whole store of its own, and never replaces a file', async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-backup-test-'));
      try {
        const file = path.join(folder, 'copy');
        await append([record({ ReportId: 1 })], ticksFromUnixMs(0));
        const { bytes } = await store.backup(file);
        expect(bytes).toBe(statSync(file).size);
        expect(statSync(file).mode & 0o777).toBe(0o600);
        await expect(store.backup(file)).rejects.toMatchObject({ name: 'StoreError' });
        expect(statSync(file).size).toBe(bytes);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
}
