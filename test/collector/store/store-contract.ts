import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Batch, DEFAULT_QUERY_LIMITS, type Store } from '../../../collector/store/store.ts';
import { PLAN_VERSION, type Plan } from '../../../parsers/kql/plan.ts';
import type { Relation } from '../../../parsers/kql/relation.ts';
import { type TableColumns, tables } from '../../../parsers/record/columns.ts';
import { record, sweep } from '../records.ts';

const span = { start: 0, length: 0 };
const options = { now: 0n, limits: DEFAULT_QUERY_LIMITS };

/** Every column of `table`, sorted by `by`. */
export function everything(table: keyof typeof tables, by: string): Plan {
  const columns = Object.entries<TableColumns[string]>(tables[table]).map(([name, { type }]) => ({
    name,
    type,
  }));
  const input: Relation = { kind: 'table', table, columns, span };
  const value = { kind: 'column', name: by, type: 'long', span } as const;
  const keys = [{ value, descending: false, nullsFirst: true }];
  return { version: PLAN_VERSION, root: { kind: 'sort', input, keys, columns, span } };
}

function batchOf(id: string, ...ids: number[]): Batch {
  const rows = ids.map((ReportId) => record({ ReportId, Signer: `signer ${ReportId % 2}` }));
  return { id: id.padEnd(64, '0'), table: 'AgentFileCertificateInfo', rows, receivedAt: 5n };
}

/** What every store promises. `open` gives a store on the same place each time, `clear` an empty place. */
export function storeContract(name: string, open: () => Promise<Store>, clear: () => void): void {
  describe(`the contract of a store: ${name}`, () => {
    let store: Store;

    beforeEach(async () => {
      clear();
      store = await open();
    });

    afterEach(async () => {
      await store.close();
    });

    const reportIds = async () => {
      const { columns, rows } = await store.run(
        everything('AgentFileCertificateInfo', 'ReportId'),
        options,
      );
      const index = columns.findIndex((column) => column.name === 'ReportId');
      return rows.map((row) => row[index]);
    };

    test('gives back every column of a record as it came', async () => {
      const full = record({
        DeviceName: 'hôst\0\u{1d4b3}',
        IsTrusted: false,
        ReportId: Number.MAX_SAFE_INTEGER,
        CertificateExpirationTime: '9999-12-31T23:59:59.9999999Z',
        Findings: [{ code: 'TRUST_E_BAD_DIGEST', level: 'error', detail: 'x' }],
        ReceivedTime: '2001-01-01T00:00:00Z',
      });
      await store.append({ ...batchOf('a'), rows: [full] } as Batch);
      const { columns, rows } = await store.run(
        everything('AgentFileCertificateInfo', 'ReportId'),
        options,
      );
      const row = Object.fromEntries(
        columns.map((column, index) => [column.name, rows[0]?.[index]]),
      );
      expect(row).toMatchObject({
        Timestamp: 639_184_608_000_000_000n,
        DeviceName: full.DeviceName,
        Signer: '',
        IsSigned: true,
        IsTrusted: false,
        IsRootSignerMicrosoft: null,
        ReportId: 9_007_199_254_740_991n,
        CertificateExpirationTime: 3_155_378_975_999_999_999n,
        ReadTime: null,
        Findings: full.Findings,
        Rules: null,
        ReceivedTime: 5n, // the collector's own, whatever the sender says
      });
    });

    test('a batch that comes again changes nothing', async () => {
      expect(await store.append(batchOf('a', 1, 2))).toEqual({
        rows: 2,
        stored: 2,
        duplicate: false,
      });
      expect(await store.append(batchOf('a', 1, 2))).toEqual({
        rows: 2,
        stored: 0,
        duplicate: true,
      });
      expect(await reportIds()).toEqual([1n, 2n]);
    });

    test('a row that comes again in another batch is one row', async () => {
      await store.append(batchOf('a', 1, 2));
      expect(await store.append(batchOf('b', 2, 3))).toEqual({
        rows: 2,
        stored: 1,
        duplicate: false,
      });
      expect(await reportIds()).toEqual([1n, 2n, 3n]);
    });

    test('rows that share device, time and ReportId are all kept', async () => {
      const rows = ['a.exe', 'b.exe'].map((FileName) => record({ ReportId: 1, FileName }));
      await store.append({ ...batchOf('a'), rows } as Batch);
      expect(await reportIds()).toEqual([1n, 1n]);
    });

    test('batches that are sent at once are each answered and stored', async () => {
      const batches = Array.from({ length: 10 }, (_, index) =>
        batchOf(`0${index}`, index, index + 100),
      );
      const results = await Promise.all(batches.map((batch) => store.append(batch)));
      expect(results.map(({ stored }) => stored)).toEqual(Array(10).fill(2));
      expect(await reportIds()).toHaveLength(20);
    });

    test('what was appended is there after closing and opening', async () => {
      await store.append(batchOf('a', 1));
      await store.close();
      store = await open();
      expect(await store.append(batchOf('a', 1))).toMatchObject({ duplicate: true });
      expect(await reportIds()).toEqual([1n]);
    });

    test('the same body for two tables is two batches', async () => {
      await store.append(batchOf('a', 1));
      const { id, receivedAt } = batchOf('a');
      const row = sweep({ ScanId: 's', Complete: true, Entries: 3 });
      const result = await store.append({ id, receivedAt, table: 'AgentSweepInfo', rows: [row] });
      expect(result).toEqual({ rows: 1, stored: 1, duplicate: false });
      const answer = await store.run(everything('AgentSweepInfo', 'Entries'), options);
      expect(answer.rows[0]?.slice(0, 7)).toEqual([
        ...[639_184_608_000_000_000n, 'a'.repeat(40), '', 's', null, null, true],
      ]);
    });

    test.each([
      { name: 'rows', limits: { ...DEFAULT_QUERY_LIMITS, rows: 2 }, code: 'too-many-rows' },
      { name: 'bytes', limits: { ...DEFAULT_QUERY_LIMITS, bytes: 100 }, code: 'too-many-bytes' },
      { name: 'time', limits: { ...DEFAULT_QUERY_LIMITS, milliseconds: -1 }, code: 'timed-out' },
    ])(
      'a query past its limit of $name is an error, never a part of the answer',
      async ({ limits, code }) => {
        const ids = Array.from({ length: 2000 }, (_, index) => index);
        await store.append(batchOf('a', ...ids));
        const run = store.run(everything('AgentFileCertificateInfo', 'ReportId'), {
          now: 0n,
          limits,
        });
        await expect(run).rejects.toMatchObject({ name: 'StoreError', code });
        expect(await reportIds()).toHaveLength(2000); // and the next query runs
      },
    );

    test('an aborted query is cancelled', async () => {
      await store.append(batchOf('a', 1));
      const signal = AbortSignal.abort();
      const run = store.run(everything('AgentFileCertificateInfo', 'ReportId'), {
        ...options,
        signal,
      });
      await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    });
  });
}
