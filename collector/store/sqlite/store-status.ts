import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { StoreStatus } from '../store.ts';
import { databaseFile } from './open-database.ts';

/** What the database says of itself: a few lookups, whatever its size. */
export function readStatus(db: DatabaseSync, dataFolder: string): StoreStatus {
  const number = (sql: string) => Number(Object.values(db.prepare(sql).get() ?? {})[0]);
  const pageBytes = number('PRAGMA page_size');
  const facts = new Map(
    prepareFacts(db)
      .all()
      .map(({ name, value }) => [String(name), value as bigint]),
  );
  const at = facts.get('retention-at');
  return {
    schemaVersion: number('PRAGMA user_version'),
    databaseBytes: fileBytes(databaseFile(dataFolder)),
    freeBytes: number('PRAGMA freelist_count') * pageBytes,
    walBytes: fileBytes(`${databaseFile(dataFolder)}-wal`),
    observations: Number(facts.get('observations')),
    devices: number('SELECT COUNT(*) FROM contact'),
    oldestReceived: readTime(db, 'SELECT MIN(receivedTime) AS time FROM batch'),
    newestReceived: readTime(db, 'SELECT MAX(receivedTime) AS time FROM batch'),
    lastRetention:
      at === undefined ? null : { at, removed: Number(facts.get('retention-removed')) },
  };
}

/** When a batch last came, 100 ns ticks: the latest time that the collector's own clock is known to have shown. */
export function readTime(db: DatabaseSync, sql: string): bigint | null {
  const row = db.prepare(sql, { readBigInts: true }).get();
  return (row?.time ?? null) as bigint | null;
}

function prepareFacts(db: DatabaseSync) {
  return db.prepare('SELECT name, value FROM fact', { readBigInts: true });
}

/** 0 for a file that is not there: SQLite removes the WAL when the last connection closes. */
export function fileBytes(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
