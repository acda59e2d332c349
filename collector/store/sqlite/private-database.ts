import { closeSync, fstatSync, mkdirSync, openSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { UsageError } from '../../usage-error.ts';
import { toStoreError } from './sqlite-error.ts';

export interface PrivateDatabase {
  readonly file: string;
  /** Raised with every change of the schema. */
  readonly version: number;
  /** Brings a database of an older version, 0 where it is new, to this one. It runs inside a transaction. */
  readonly prepare: (db: DatabaseSync, from: number) => void;
}

/**
 * Opens a small database of its own in the data folder, and makes it where it is absent: readable by its owner only, and
 * opened beside a `serve` that uses it, too. Both wait for each other's transactions, which take milliseconds.
 *
 * Throws UsageError where others could write to it, StoreError where SQLite cannot.
 */
export function openPrivateDatabase({ file, version, prepare }: PrivateDatabase): DatabaseSync {
  makePrivate(file);
  const db = new DatabaseSync(file, { timeout: 5_000 });
  try {
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; BEGIN IMMEDIATE;',
    );
    const found = Number(db.prepare('PRAGMA user_version').get()?.user_version);
    if (found > version)
      throw new UsageError(`${file} was written by a newer certsweep-collector: use that version`);
    if (found < version) {
      prepare(db, found);
      db.exec(`PRAGMA user_version = ${version}`);
    }
    db.exec('COMMIT');
  } catch (error) {
    db.close();
    throw error instanceof UsageError ? error : toStoreError(error, path.dirname(file));
  }
  return db;
}

/** SQLite gives its `-wal` and `-shm` files the mode of the database. Windows has no mode: the folder's ACL counts there. */
function makePrivate(file: string): void {
  const folder = path.dirname(file);
  let descriptor: number;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    descriptor = openSync(file, 'a', 0o600);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot open ${file}: ${reason}; run this as the user that runs serve`);
  }
  try {
    if (process.platform === 'win32') return;
    if ((fstatSync(descriptor).mode & 0o022) !== 0)
      throw new UsageError(`others can write to ${file}: chmod 600 it, then check what is in it`);
    if ((statSync(folder).mode & 0o002) !== 0)
      throw new UsageError(`everybody can write to ${folder}: chmod o-w it`);
  } finally {
    closeSync(descriptor);
  }
}
