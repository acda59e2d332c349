import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { databaseFile, openForWriting } from '../../../collector/store/sqlite/open-database.ts';
import { fileBytes } from '../../../collector/store/sqlite/store-status.ts';
import { WalLimit } from '../../../collector/store/sqlite/wal-limit.ts';
import { temporaryFolder } from '../collector-process.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);

const LIMIT = 256 * 1024;
/** Bytes of one transaction, pages and headers included. */
const WRITE = 64 * 1024;

test('a reader that pins the WAL stops the writer at the limit; when it ends, the WAL is emptied and writing goes on', async () => {
  const data = path.join(folder, 'data');
  const file = databaseFile(data);
  const db = openForWriting(data);
  const wal = new WalLimit(db, file, LIMIT);
  db.exec('CREATE TABLE ballast (bytes BLOB)');
  const insert = db.prepare('INSERT INTO ballast VALUES (zeroblob(32768))');
  const write = () => {
    wal.makeRoom();
    insert.run();
  };
  const reader = new DatabaseSync(file, { readOnly: true });
  const rows = reader.prepare('SELECT 1 FROM sqlite_schema').iterate();
  rows.next(); // a statement that has not ended holds its snapshot

  const busy = expect.objectContaining({ code: 'busy' });
  const writeMany = () => {
    for (let count = 0; count < 100; count += 1) write();
  };
  expect(writeMany).toThrow(busy);
  const full = fileBytes(`${file}-wal`);
  expect(full).toBeGreaterThan(LIMIT);
  expect(full).toBeLessThan(LIMIT + WRITE);
  expect(write).toThrow(busy);
  expect(fileBytes(`${file}-wal`)).toBe(full);

  rows.return?.();
  await sleep(600);
  write();
  expect(fileBytes(`${file}-wal`)).toBeLessThan(WRITE);
  expect(db.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: 5_000 });
  reader.close();
  db.close();
});

test('without a reader it is emptied at the limit, and nothing is ever refused', () => {
  const data = path.join(folder, 'alone');
  const db = openForWriting(data);
  const wal = new WalLimit(db, databaseFile(data), LIMIT);
  db.exec('CREATE TABLE ballast (bytes BLOB)');
  const insert = db.prepare('INSERT INTO ballast VALUES (zeroblob(32768))');
  let most = 0;
  for (let count = 0; count < 100; count += 1) {
    wal.makeRoom();
    insert.run();
    most = Math.max(most, fileBytes(`${databaseFile(data)}-wal`));
  }
  expect(most).toBeGreaterThan(LIMIT);
  expect(most).toBeLessThan(LIMIT + WRITE);
  db.close();
});
