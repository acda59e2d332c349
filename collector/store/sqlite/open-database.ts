import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store-error.ts';
import { createDatabase } from './create-database.ts';
import { prepareSchema, readSchemaVersion, SCHEMA_VERSION } from './schema.ts';
import { damaged } from './sqlite-error.ts';

/** The database in a data folder. SQLite keeps `-wal` and `-shm` files beside it. */
export function databaseFile(dataFolder: string): string {
  return path.join(dataFolder, 'certsweep.sqlite');
}

/**
 * Opens the database for the one writer, and creates folder and tables where they are absent.
 *
 * WAL lets queries read while a batch is written; synchronous FULL makes a commit survive a power cut (NORMAL does not in
 * WAL mode). Checkpoints keep the WAL at about 16 MB unless one long query pins it; wal-limit.ts bounds it then.
 * Source: SQLite documentation, "Write-Ahead Logging" and "PRAGMA synchronous".
 */
export function openForWriting(dataFolder: string): DatabaseSync {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const file = databaseFile(dataFolder);
  if (!existsSync(file)) createDatabase(file);
  const db = new DatabaseSync(file, { timeout: 5_000 });
  try {
    if (readSchemaVersion(db) === 0) throw damaged(dataFolder, 'it has no tables of ours');
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = 4000;
      PRAGMA journal_size_limit = 67108864;
      PRAGMA cache_size = -65536;
      PRAGMA trusted_schema = OFF;`);
    const wasOlder = prepareSchema(db);
    makeShrinkable(db, wasOlder);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

/** The value of `PRAGMA auto_vacuum` where pages can be given back. Source: SQLite documentation, "PRAGMA auto_vacuum". */
const INCREMENTAL = 2;

/**
 * Writes the file of an older version anew, once: its free pages go, and those of version 2 had no auto-vacuum, which only
 * VACUUM brings later.
 */
function makeShrinkable(db: DatabaseSync, wasOlder: boolean): void {
  const mode = db.prepare('PRAGMA auto_vacuum').get()?.auto_vacuum;
  if (mode === INCREMENTAL && !wasOlder) return;
  db.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM;');
}

/** Opens the database for queries. Never creates one: an empty answer would read as "nothing found". */
export function openForReading(dataFolder: string): DatabaseSync {
  const file = databaseFile(dataFolder);
  if (!existsSync(file)) throw noDatabase(dataFolder);
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    db.exec('PRAGMA query_only = ON; PRAGMA cache_size = -16384; PRAGMA trusted_schema = OFF;');
    const version = readSchemaVersion(db);
    if (version === 0) throw damaged(dataFolder, 'it has no tables of ours');
    if (version < SCHEMA_VERSION)
      throw new StoreError(
        'older-schema',
        `the database in ${dataFolder} has schema version ${version}, this program reads ${SCHEMA_VERSION}`,
      );
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

function noDatabase(dataFolder: string): StoreError {
  return new StoreError(
    'no-database',
    `there is no collector database in ${dataFolder}: check --data, or import records first`,
  );
}
