import { StoreError } from '../store-error.ts';

/** Primary result codes. Source: SQLite documentation, "Result and Error Codes". */
const SQLITE_ERROR = 1;
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;
const SQLITE_TOOBIG = 18;
const SQLITE_FULL = 13;
/** The extended codes by which a full disk shows when the shared-memory file or the WAL cannot grow. */
const FULL_IO_ERRORS = new Set([(19 << 8) | 10, (18 << 8) | 10]); // IOERR_SHMSIZE, IOERR_SHMOPEN

/** Messages of SQLITE_ERROR that mean a statement passed one of SQLite's limits, and not that we wrote bad SQL. */
const TOO_COMPLEX = /too large|too many|too big|stack overflow|at most \d+ tables/i;

/** A database that SQLite cannot read or that is not ours; `problem` says why. */
export function damaged(dataFolder: string | undefined, problem: string): StoreError {
  const where = dataFolder === undefined ? '' : ` in ${dataFolder}`;
  return new StoreError(
    'damaged',
    `the database${where} is damaged (${problem}) and was left as it is: start with a copy that backup made, as ` +
      '--data COPY; without one move the data folder away, and let agents sweep anew',
  );
}

/** Any error as a StoreError; what is unknown is `failed` and keeps its cause. */
export function toStoreError(error: unknown, dataFolder?: string): StoreError {
  if (error instanceof StoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
  const options = { cause: error };
  if ((code & 0xff) === SQLITE_FULL || FULL_IO_ERRORS.has(code) || isNoSpace(error))
    return new StoreError('full', 'the disk is full: free some space and send again', options);
  if ((code & 0xff) === SQLITE_BUSY)
    return new StoreError('busy', 'the database is busy: try again', options);
  if ((code & 0xff) === SQLITE_CORRUPT || (code & 0xff) === SQLITE_NOTADB)
    return damaged(dataFolder, message);
  if (code === SQLITE_TOOBIG || (code === SQLITE_ERROR && TOO_COMPLEX.test(message)))
    return new StoreError('too-complex', `the query is too large to run: ${message}`, options);
  return new StoreError('failed', message, options);
}

function isNoSpace(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC';
}
