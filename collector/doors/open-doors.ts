import { closeSync, fstatSync, mkdirSync, openSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { toStoreError } from '../store/sqlite/sqlite-error.ts';
import { UsageError } from '../usage-error.ts';
import { DOORS_VERSION, prepareDoors } from './doors-schema.ts';

export function doorsFile(dataFolder: string): string {
  return path.join(dataFolder, 'doors.sqlite');
}

/**
 * Opens `doors.sqlite` in the data folder, and makes it where it is absent. It is a file of its own, so that `enroll` can
 * write while `serve` holds the data lock; both wait for each other's transactions, which take milliseconds.
 *
 * Throws UsageError where others could write to it: they could enrol themselves.
 */
export function openDoorsDatabase(dataFolder: string): DatabaseSync {
  const file = doorsFile(dataFolder);
  makePrivate(file, dataFolder);
  const db = new DatabaseSync(file, { timeout: 5_000 });
  try {
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; BEGIN IMMEDIATE;',
    );
    const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
    if (version > DOORS_VERSION)
      throw new UsageError(`${file} was written by a newer certsweep-collector: use that version`);
    prepareDoors(db, version);
    db.exec('COMMIT');
  } catch (error) {
    db.close();
    throw error instanceof UsageError ? error : toStoreError(error);
  }
  return db;
}

/** SQLite gives its `-wal` and `-shm` files the mode of the database. Windows has no mode: the folder's ACL counts there. */
function makePrivate(file: string, dataFolder: string): void {
  let descriptor: number;
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    descriptor = openSync(file, 'a', 0o600);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `cannot open ${file}: ${reason}; run enroll as the user that runs serve, who must own that file`,
    );
  }
  try {
    if (process.platform === 'win32') return;
    if ((fstatSync(descriptor).mode & 0o022) !== 0)
      throw new UsageError(`others can write to ${file}: chmod 600 it, then check enroll --list`);
    if ((statSync(dataFolder).mode & 0o002) !== 0)
      throw new UsageError(`everybody can write to ${dataFolder}: chmod o-w it`);
  } finally {
    closeSync(descriptor);
  }
}
