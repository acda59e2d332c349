import { closeSync, existsSync, openSync, renameSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CommandError } from '../exit-status.ts';
import { makeStateFolder } from '../state-folder.ts';

export interface SpoolDatabase {
  readonly db: DatabaseSync;
  /** Where a damaged spool file has been put. Records in it may never have been sent. */
  readonly movedAside: string | undefined;
}

const SCHEMA_VERSION = 1;

/**
 * `rank` says what is sent first and dropped last: 0 unflagged records, 1 flagged ones, 2 a sweep row. `refusal` is what
 * the collector said of a batch that it will never take. `lost` names sweeps of which records were dropped or refused.
 */
const SCHEMA = `
  CREATE TABLE batch (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    tableName TEXT NOT NULL,
    rows INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    scanId TEXT NOT NULL,
    createdMs INTEGER NOT NULL,
    size INTEGER NOT NULL,
    sealed INTEGER NOT NULL DEFAULT 0,
    refusal TEXT,
    body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX batchOrder ON batch (rank, seq, size);
  CREATE INDEX batchScan ON batch (scanId, rank);
  CREATE TABLE lost (scanId TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
  PRAGMA user_version = ${SCHEMA_VERSION};`;

/** Primary result codes. Source: SQLite documentation, "Result and Error Codes". */
const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

export function spoolFile(folder: string): string {
  return path.join(folder, 'spool.sqlite');
}

/**
 * Opens the spool in `folder`, or makes it. A file that is no sound database is moved aside, never deleted and never
 * repaired in place: it may hold the only copy of records.
 *
 * WAL with synchronous FULL: a commit survives a power cut. Source: SQLite documentation, "PRAGMA synchronous".
 */
export function openSpoolDatabase(folder: string): SpoolDatabase {
  makeStateFolder(folder);
  const file = spoolFile(folder);
  try {
    return { db: open(file), movedAside: undefined };
  } catch (error) {
    if (!isDamage(error)) throw spoolError(error, file);
  }
  const movedAside = moveAside(file);
  try {
    return { db: open(file), movedAside };
  } catch (error) {
    throw spoolError(error, file);
  }
}

/** An error of the spool's database for the person who can do something about it. Others are bugs and stay as they are. */
export function spoolError(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error;
  const code = resultCode(error);
  const isFull = code === SQLITE_FULL || ('code' in error && error.code === 'ENOSPC');
  if (isFull || code === SQLITE_IOERR)
    return new CommandError(
      `cannot write ${file} (${isFull ? 'the disk is full' : error.message}): records could not be kept for the ` +
        'collector. Free some space, or put --state on another disk, and start again',
      { cause: error },
    );
  if (code === SQLITE_BUSY)
    return new CommandError(`${file} is in use: another certsweep is writing to it`, {
      cause: error,
    });
  if (code === SQLITE_READONLY || code === SQLITE_CANTOPEN)
    return new CommandError(`cannot open ${file} for writing: ${error.message}`, { cause: error });
  if (isDamage(error))
    return new CommandError(
      `${file} is damaged (${error.message}). Start again: it is then moved aside; records in it may never have been sent`,
      { cause: error },
    );
  return error;
}

function open(file: string): DatabaseSync {
  closeSync(openSync(file, 'a', 0o600)); // SQLite would make it readable for all
  const db = new DatabaseSync(file, { timeout: 5_000 });
  try {
    db.exec(`
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA cache_size = -2048;
      PRAGMA trusted_schema = OFF;`);
    const { user_version: version } = db.prepare('PRAGMA user_version').get() ?? {};
    if (Number(version) > SCHEMA_VERSION)
      throw new CommandError(`${file} was written by a newer certsweep: use that one`);
    if (version === 0) db.exec(`BEGIN; ${SCHEMA} COMMIT;`);
    const { quick_check: verdict } = db.prepare('PRAGMA quick_check(1)').get() ?? {};
    if (verdict !== 'ok') throw new DamageError(String(verdict));
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** What quick_check found. */
class DamageError extends Error {
  override readonly name = 'DamageError';
}

function isDamage(error: unknown): boolean {
  if (error instanceof DamageError) return true;
  if (!(error instanceof Error)) return false;
  const code = resultCode(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** The extended codes carry the primary one in their lowest byte. */
function resultCode(error: Error): number {
  return 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}

/** The WAL belongs to its database: a new one must not find it. */
function moveAside(file: string): string {
  const name = (number: number) => `${file}.damaged-${number}`;
  let number = 1;
  while (existsSync(name(number))) number += 1;
  for (const suffix of ['-wal', '-shm', ''])
    if (existsSync(file + suffix)) renameSync(file + suffix, name(number) + suffix);
  return name(number);
}
