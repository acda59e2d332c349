import { closeSync, openSync, rmSync } from 'node:fs';
import { backup, type DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store-error.ts';
import { openForReading } from './open-database.ts';
import { toStoreError } from './sqlite-error.ts';
import { fileBytes } from './store-status.ts';

/** All pages in one step. In several, SQLite begins again whenever a batch was written in between: under load, for ever. */
const ALL_PAGES = 2 ** 31 - 1;

/** Copies the database of a data folder into the new file `file`, beside a collector that may be writing. */
export async function backupDatabase(
  dataFolder: string,
  file: string,
): Promise<{ readonly bytes: number }> {
  const db = openForReading(dataFolder);
  try {
    return await copyDatabase(db, file);
  } finally {
    db.close();
  }
}

/**
 * Copies a database into the new file `file`, which its owner alone can read. The copy is what one query would see; while
 * it is made, the WAL cannot be cut back. Throws StoreError, and leaves no file then.
 */
export async function copyDatabase(
  db: DatabaseSync,
  file: string,
): Promise<{ readonly bytes: number }> {
  try {
    closeSync(openSync(file, 'wx', 0o600)); // never over a file that is there
    try {
      await backup(db, file, { rate: ALL_PAGES });
    } catch (error) {
      rmSync(file, { force: true });
      throw error;
    }
    return { bytes: fileBytes(file) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new StoreError('failed', `${file} is there already: name a new file`);
    throw toStoreError(error);
  }
}
