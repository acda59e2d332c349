import { closeSync, openSync, readSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CommandError } from '../exit-status.ts';
import { makeStateFolder } from '../state-folder.ts';
import { writeProblem } from '../write-problem.ts';

/** Held by the one process that works with a state folder. */
export interface StateLock {
  release(): void;
}

/** Primary result codes. Source: SQLite documentation, "Result and Error Codes". */
const SQLITE_BUSY = 5;
const SQLITE_NOTADB = 26;
/** Offset of user_version, big-endian. Source: SQLite documentation, "Database File Format", 1.3. */
const USER_VERSION_OFFSET = 60;

/**
 * Folders that this process holds. To open and close a locked file a second time in one process would drop the lock: POSIX
 * locks belong to the process. Source: fcntl(2), "Advisory record locking".
 */
const held = new Set<string>();

/**
 * Takes the state folder for this process, or throws CommandError that names the process which has it.
 *
 * The lock is SQLite's exclusive one, which the system frees with the process, however that ends: nothing is left of a
 * killed one, and a number that another process got since means nothing. `user_version` holds the number for a person.
 */
export function lockState(folder: string): StateLock {
  makeStateFolder(folder);
  const file = path.join(realpathSync.native(folder), 'lock');
  if (held.has(file)) throw inUse(folder, process.pid);
  let db: DatabaseSync;
  try {
    db = take(file);
  } catch (error) {
    const code = resultCode(error);
    if (code === SQLITE_BUSY) throw inUse(folder, processNumberIn(file));
    if (code !== SQLITE_NOTADB) throw cannotLock(file, error);
    rmSync(file, { force: true }); // a file of ours that was damaged holds nothing
    db = take(file);
  }
  held.add(file);
  return {
    release() {
      held.delete(file);
      db.close();
    },
  };
}

function take(file: string): DatabaseSync {
  closeSync(openSync(file, 'a', 0o600)); // SQLite would make it readable for all
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
    db.exec(`PRAGMA user_version = ${process.pid}; COMMIT;`); // the lock stays until the file is closed
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Read past SQLite, which would wait for the lock; 0 where it says nothing. */
function processNumberIn(file: string): number {
  const bytes = Buffer.alloc(4);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, bytes, 0, bytes.length, USER_VERSION_OFFSET);
  } finally {
    closeSync(descriptor);
  }
  return bytes.readUInt32BE();
}

function inUse(folder: string, processNumber: number): CommandError {
  const who = processNumber === 0 ? 'another certsweep' : `certsweep process ${processNumber}`;
  return new CommandError(
    `${folder} is in use by ${who}: wait until it is done or end it, or give another --state`,
  );
}

function cannotLock(file: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const reason = 'errcode' in error ? error.message : writeProblem(error); // SQLite's code says nothing
  return new CommandError(`cannot lock ${file}: ${reason}`, { cause: error });
}

function resultCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}
