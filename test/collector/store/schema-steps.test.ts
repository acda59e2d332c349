import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { laterColumns } from '../../../collector/store/sqlite/later-columns.ts';
import { databaseFile } from '../../../collector/store/sqlite/open-database.ts';
import { SCHEMA_VERSION, schemaSql } from '../../../collector/store/sqlite/schema.ts';
import { SqliteStore } from '../../../collector/store/sqlite/sqlite-store.ts';
import type { Batch } from '../../../collector/store/store.ts';
import { DEFAULT_QUERY_LIMITS } from '../../../collector/store/store.ts';
import { parseDatetime } from '../../../parsers/record/datetime.ts';
import { runCollector, temporaryFolder } from '../collector-process.ts';
import { record, sweep } from '../records.ts';
import { batchesOfVersion1, databaseOfVersion1 } from './schema-1.ts';
import { databaseOfVersion3 } from './schema-3.ts';
import { everything } from './store-contract.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);

/** What the database of version 1 holds, as its agent sent it. */
const oldRecord = record({
  ReportId: 1,
  Signer: 'GlavSoft LLC. (certsweep test)',
  Rules: ['r1'],
  DeviceName: 'old-host',
});
const oldRecords = [
  oldRecord,
  record({ ReportId: 2, IsSigned: false, FileName: 'plain.exe', FileSize: 7 }),
];
const oldSweep = sweep({
  ScanId: 'first',
  Complete: true,
  Entries: 3,
  Skipped: { unreadable: 1 },
});

function dataOfVersion1(name: string): string {
  return dataOf(name, databaseOfVersion1);
}

function dataOf(name: string, sql: string): string {
  const data = path.join(folder, name);
  mkdirSync(data);
  const db = new DatabaseSync(databaseFile(data));
  db.exec(`PRAGMA journal_mode = WAL; ${sql}`);
  db.close();
  return data;
}

type Values = Pick<Batch, 'id' | 'table'> & { readonly rows: readonly object[] };
const batch = (values: Values) => ({ receivedAt: 9n, ...values }) as Batch;

describe('a database of schema version 1', () => {
  test('has every column afterwards, and those that it lacked are known as later ones', () => {
    const columns = (sql: string) => {
      const db = new DatabaseSync(':memory:');
      db.exec(sql);
      const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
      const names = tables.map(({ name }) => {
        const info = db.prepare('SELECT name FROM pragma_table_info(?)').all(name ?? '');
        return [String(name), info.map((column) => String(column.name))] as const;
      });
      db.close();
      return new Map(names);
    };
    const before = columns(databaseOfVersion1);
    const added = [...columns(schemaSql())].flatMap(([table, names]) => {
      const known = before.get(table);
      const missing = names.filter((name) => known && !known.includes(name) && name !== 'slot');
      return missing.length === 0 ? [] : [[table, missing]];
    });
    const later = Object.entries(laterColumns).map(([table, names]) => [table, [...names]]);
    expect(added).toEqual(later);
  });

  test('keeps its rows, knows its batches, and takes an old row in a new batch for the same row', async () => {
    const store = await SqliteStore.open(dataOfVersion1('resend'), 'read-write');
    try {
      const again = { rows: oldRecords, table: 'AgentFileCertificateInfo' } as const;
      const id = batchesOfVersion1.AgentFileCertificateInfo;
      expect(await store.append(batch({ ...again, id }))).toEqual({
        rows: 2,
        stored: 0,
        duplicate: true,
      });
      const sweepAgain = { rows: [oldSweep], table: 'AgentSweepInfo' } as const;
      expect(
        await store.append(batch({ ...sweepAgain, id: batchesOfVersion1.AgentSweepInfo })),
      ).toMatchObject({ duplicate: true });

      const other = await store.append(batch({ ...again, id: '1'.repeat(64) }));
      expect(other).toEqual({ rows: 2, stored: 0, duplicate: false });
      const otherSweep = await store.append(batch({ ...sweepAgain, id: '2'.repeat(64) }));
      expect(otherSweep).toMatchObject({ stored: 0, duplicate: false });

      const answer = await store.run(everything('AgentFileCertificateInfo', 'ReportId'), {
        now: 0n,
        limits: DEFAULT_QUERY_LIMITS,
      });
      const names = answer.columns.map(({ name }) => name);
      const rows = answer.rows.map((row) =>
        Object.fromEntries(names.map((name, index) => [name, row[index]])),
      );
      expect(rows).toMatchObject([
        { ReportId: 1n, DeviceName: 'old-host', Rules: ['r1'], RunningProcesses: null },
        { ReportId: 2n, FileName: 'plain.exe', FileSize: 7n, AutostartEntries: null },
      ]);
    } finally {
      await store.close();
    }
  });

  test('gets its sightings, its contacts and the count of its rows from what is there', async () => {
    const data = dataOfVersion1('gathered');
    const store = await SqliteStore.open(data, 'read-write');
    try {
      const limits = DEFAULT_QUERY_LIMITS;
      const run = async (table: 'AgentSightingInfo' | 'AgentContactInfo') =>
        (await store.run(everything(table, 'DeviceId'), { now: 0n, limits })).rows;
      const time = 639_184_608_000_000_000n;
      const deviceId = 'a'.repeat(40);
      expect(await run('AgentSightingInfo')).toEqual([
        [deviceId, 'old-host', '', '', '', ['r1'], time, time],
      ]);
      expect(await run('AgentContactInfo')).toEqual([[deviceId, time, time, null, null]]);
      expect(await store.status()).toMatchObject({
        schemaVersion: SCHEMA_VERSION,
        observations: 2,
        devices: 1,
      });
    } finally {
      await store.close();
    }
    const db = new DatabaseSync(databaseFile(data));
    expect(db.prepare('PRAGMA auto_vacuum').get()).toEqual({ auto_vacuum: 2 });
    expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    db.close();
  });

  test('takes rows that differ in a new column alone for different rows', async () => {
    const store = await SqliteStore.open(dataOfVersion1('differ'), 'write');
    try {
      const RunningProcesses = [{ pid: 4 }];
      const rows = [
        { ...oldRecord, RunningProcesses },
        oldRecord,
        { ...oldRecord, AutostartEntries: [4] },
      ];
      const table = 'AgentFileCertificateInfo';
      expect(await store.append(batch({ id: '3'.repeat(64), table, rows }))).toMatchObject({
        stored: 2,
      });
      const swept = [{ ...oldSweep, Unchanged: 0 }, oldSweep, { ...oldSweep, HardLinks: 0 }];
      expect(
        await store.append(batch({ id: '4'.repeat(64), table: 'AgentSweepInfo', rows: swept })),
      ).toMatchObject({ stored: 2 });
    } finally {
      await store.close();
    }
  });

  test('is brought to the present version by a query, too', async () => {
    const data = dataOfVersion1('query');
    const kql = 'AgentSweepInfo | project ScanId, Entries, Unchanged, MachineGroup';
    const ran = await runCollector('query', kql, '--data', data, '--format', 'json');
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(ran.stdout)).toEqual([
      { ScanId: 'first', Entries: 3, Unchanged: null, MachineGroup: '' },
    ]);
    const db = new DatabaseSync(databaseFile(data));
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: SCHEMA_VERSION });
    db.close();
  });
});

test('a database of schema version 3 keeps its rows, and each is known when it is sent again', async () => {
  const data = dataOf('version-3', `PRAGMA auto_vacuum = INCREMENTAL; ${databaseOfVersion3}`);
  const store = await SqliteStore.open(data, 'read-write');
  const signed = record({
    ReportId: 1,
    Signer: 'GlavSoft LLC. (certsweep test)',
    FolderPath: String.raw`C:\TightVNC`,
    FileName: 'tvnserver.exe',
    SignatureIndex: 0,
    Rules: ['r1'],
    FileCreatedTime: '2013-07-19T10:11:12.1234567Z',
    FileModifiedTime: '2013-07-19T10:11:12.5Z',
  });
  const rows = [
    signed,
    { ...signed, ReportId: 2, SignatureIndex: 1 },
    { ...signed, ReportId: 3, SignatureIndex: 2 },
    record({ ReportId: 4 }),
  ];
  try {
    const again = batch({ id: 'b'.repeat(64), table: 'AgentFileCertificateInfo', rows });
    expect(await store.append(again)).toMatchObject({ rows: 4, stored: 0, duplicate: false });
    const judgedAnew = rows.map((row) => ({ ...row, IsTrusted: true }));
    const more = batch({ id: 'c'.repeat(64), table: 'AgentFileCertificateInfo', rows: judgedAnew });
    expect(await store.append(more)).toMatchObject({ stored: 4 });
    expect(await store.status()).toMatchObject({ observations: 8, schemaVersion: SCHEMA_VERSION });
    const { columns, rows: found } = await store.run(
      everything('AgentFileCertificateInfo', 'ReportId'),
      { now: 0n, limits: DEFAULT_QUERY_LIMITS },
    );
    const at = (name: string) => columns.findIndex((column) => column.name === name);
    const told = ['ReportId', 'SignatureIndex', 'FileName', 'FileCreatedTime', 'IsTrusted'].map(at);
    const created = parseDatetime('2013-07-19T10:11:12.1234567Z');
    const cells = found.map((row) => told.map((index) => row[index]));
    const signatures = [1n, 2n, 3n].map((id) => [id, id - 1n, 'tvnserver.exe', created]);
    const known = [...signatures, [4n, null, '', null]];
    for (const trusted of [null, true])
      expect(cells.filter((row) => row[4] === trusted)).toEqual(
        known.map((row) => [...row, trusted]),
      );
  } finally {
    await store.close();
  }
  const db = new DatabaseSync(databaseFile(data));
  expect(db.prepare('PRAGMA freelist_count').get()).toEqual({ freelist_count: 0 });
  db.close();
});
