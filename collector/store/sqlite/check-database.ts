import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pageProblems } from './check-integrity.ts';
import { databaseFile } from './open-database.ts';
import { readSchemaVersion } from './schema.ts';
import { damaged, toStoreError } from './sqlite-error.ts';
import { fileBytes } from './store-status.ts';

/** Bytes that are checked at every start: some two seconds. A larger database is checked when its last process was killed. */
const ALWAYS_CHECKED = 256 * 1024 * 1024;

export interface DatabaseCheck {
  /** `new`: there is no database yet. `left-out`: it is large, and was closed in order. */
  readonly kind: 'new' | 'checked' | 'left-out';
  readonly bytes: number;
  readonly milliseconds: number;
}

/**
 * Looks whether the database of a data folder is sound, before it is opened for writing. Nothing is written: what is
 * damaged, or newer than this program, stays byte for byte. Throws StoreError `damaged` or `newer-schema` with the remedy.
 *
 * Pages and the order of rows are looked at (PRAGMA quick_check), not whether indexes agree with tables, which `doctor` asks.
 * SQLite removes its WAL when the last process closes a database, so one that is there tells of a kill or a power cut.
 */
export function checkDatabase(dataFolder: string): DatabaseCheck {
  const started = performance.now();
  const file = databaseFile(dataFolder);
  const bytes = fileBytes(file);
  if (!existsSync(file)) return { kind: 'new', bytes, milliseconds: 0 };
  const killed = fileBytes(`${file}-wal`) > 0;
  if (bytes > ALWAYS_CHECKED && !killed) {
    readingOnly(dataFolder, () => undefined);
    return { kind: 'left-out', bytes, milliseconds: performance.now() - started };
  }
  const problems = readingOnly(dataFolder, pageProblems);
  if (problems[0] !== undefined) throw damaged(dataFolder, problems[0]);
  return { kind: 'checked', bytes, milliseconds: performance.now() - started };
}

function readingOnly<Result>(dataFolder: string, work: (db: DatabaseSync) => Result): Result {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(databaseFile(dataFolder), { readOnly: true, timeout: 5_000 });
    if (readSchemaVersion(db) === 0) throw damaged(dataFolder, 'it has no tables of ours');
    return work(db);
  } catch (error) {
    throw toStoreError(error, dataFolder);
  } finally {
    db?.close();
  }
}
