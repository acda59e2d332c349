import { closeSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CommandError } from '../exit-status.ts';

export interface StateDatabase {
  readonly db: DatabaseSync;
  /** Why what was there before could not be used, and where it is now: a sentence for a person. */
  readonly notice: string | undefined;
}

/** "cswp": tells our file from any other SQLite database. */
const APPLICATION_ID = 0x63737770;
const SCHEMA_VERSION = 2;

/**
 * `file` has every file that was read, `image` those with records. A path is a folder's and a name; one that is not valid
 * Unicode is a blob. `size` to `dev` are the fingerprint, `due` the second at which the file is read again in any case, `judge` what
 * its result depends on beside its bytes. `sweep` numbers the sweep that saw an image last.
 */
const SCHEMA = `
  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE folder (id INTEGER PRIMARY KEY, path ANY NOT NULL UNIQUE) STRICT;
  CREATE TABLE file (
    folder INTEGER NOT NULL,
    name ANY NOT NULL,
    kind TEXT NOT NULL,
    size REAL NOT NULL,
    mtimeMs REAL NOT NULL,
    ctimeMs REAL NOT NULL,
    ino REAL NOT NULL,
    dev REAL NOT NULL,
    due REAL NOT NULL,
    judge REAL NOT NULL,
    PRIMARY KEY (folder, name)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE image (
    folder INTEGER NOT NULL,
    name ANY NOT NULL,
    sweep INTEGER NOT NULL,
    flagged INTEGER NOT NULL,
    reportedMs INTEGER NOT NULL,
    rules TEXT NOT NULL,
    content TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    UNIQUE (folder, name)
  ) STRICT;
  CREATE INDEX flaggedImage ON image (sweep) WHERE flagged = 1;
  CREATE TABLE gone (path TEXT NOT NULL, sha1 TEXT, rules TEXT NOT NULL, lastSeenMs INTEGER NOT NULL) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};`;

const TABLES = 'counter,file,folder,gone,image';
const TABLE_NAMES = `SELECT group_concat(name) AS names
  FROM (SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name)`;

/** Primary result codes. Source: SQLite documentation, "Result and Error Codes". */
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

export function stateFile(folder: string): string {
  return path.join(folder, 'state.sqlite');
}

/**
 * Opens the state in `folder`, or makes it. Whatever cannot be used is moved aside and made anew: all of it can be read
 * from the disk again, at the price of one sweep that reads everything.
 *
 * WAL with synchronous NORMAL: a power cut may take the last commits, whose files are then read again, and leaves the rest
 * sound. Only ReportIds must never come back: see reserveReportIds. Source: SQLite documentation, "PRAGMA synchronous".
 */
export function openStateDatabase(folder: string, nowMs: number): StateDatabase {
  const file = stateFile(folder);
  try {
    const isNew = createPrivate(file);
    try {
      return { db: open(file, isNew), notice: undefined };
    } catch (error) {
      const reason = unusable(error);
      if (reason === undefined) throw error;
      const aside = moveAside(file, nowMs);
      createPrivate(file);
      const notice = `the state ${reason}: it is now ${aside}, and every file is read again`;
      return { db: open(file, true), notice };
    }
  } catch (error) {
    throw new CommandError(`cannot open ${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** Moves the state out of the way. Of earlier ones set aside none is kept: they only take space. Returns its new place. */
export function moveAside(file: string, nowMs: number): string {
  const folder = path.dirname(file);
  const prefix = `${path.basename(file)}.corrupt-`;
  for (const name of readdirSync(folder))
    if (name.startsWith(prefix)) rmSync(path.join(folder, name), { recursive: true, force: true });
  const aside = `${file}.corrupt-${new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  renameSync(file, aside);
  for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true }); // a new one must not find them
  return aside;
}

/** Whether the database itself is damaged, rather than the disk full or the file busy. */
export function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** Returns whether it was not there. SQLite itself would make it readable for all. */
function createPrivate(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

class UnusableStateError extends Error {
  override readonly name = 'UnusableStateError';
}

/** Why a file that is there cannot be used, as the end of "the state ..."; undefined where it is something else's fault. */
function unusable(error: unknown): string | undefined {
  if (error instanceof UnusableStateError) return error.message;
  return isDamage(error) ? `was damaged (${(error as Error).message})` : undefined;
}

function open(file: string, isNew: boolean): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  try {
    const number = (pragma: string) => Number(Object.values(db.prepare(pragma).get() ?? {})[0]);
    if (!isNew && number('PRAGMA application_id') !== APPLICATION_ID)
      throw new UnusableStateError('was not written by certsweep');
    if (!isNew && number('PRAGMA user_version') !== SCHEMA_VERSION)
      throw new UnusableStateError(`has schema ${number('PRAGMA user_version')}, not ours`);
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA cache_size = -4096;
      PRAGMA trusted_schema = OFF;`);
    if (isNew) db.exec(`BEGIN; ${SCHEMA} COMMIT;`);
    const { quick_check: verdict } = db.prepare('PRAGMA quick_check(1)').get() ?? {};
    if (verdict !== 'ok') throw new UnusableStateError(`was damaged (${verdict})`);
    const { names } = db.prepare(TABLE_NAMES).get() ?? {};
    if (names !== TABLES) throw new UnusableStateError('has other tables than ours');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
