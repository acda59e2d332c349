import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from './store-error.ts';

/** Held by the one process that writes to a data folder. */
export interface DataLock {
  release(): void;
}

/** SQLITE_BUSY. Source: SQLite documentation, "Result and Error Codes". */
const SQLITE_BUSY = 5;

/**
 * Takes the data folder for this process, or throws StoreError `in-use`.
 *
 * The lock is an exclusive transaction on an empty SQLite file, so the operating system frees it with the process, however
 * that ends; a file with a process number would outlive a kill -9. Queries do not need it.
 */
export function lockDataFolder(dataFolder: string): DataLock {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(path.join(dataFolder, 'lock.sqlite'), { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY)
      throw new StoreError(
        'in-use',
        `another certsweep-collector is using ${dataFolder}: stop it, or send the records to it`,
      );
    throw error;
  }
  return { release: () => db.close() };
}
