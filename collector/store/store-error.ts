/**
 * - `busy`: too much is waiting; try again later
 * - `full`: the disk is full; nothing of the batch was stored
 * - `failed`: the disk or the database failed; nothing of the batch was stored
 * - `too-many-rows`, `too-many-bytes`, `timed-out`: the query passed a limit
 * - `too-complex`: SQLite refused the size of the compiled query
 * - `cancelled`: the caller's signal, or the store was closed
 * - `newer-schema`: a newer version of this program wrote the database
 * - `older-schema`: an older version wrote it, and it was opened for reading only
 * - `no-database`: there is nothing to read at that path
 * - `damaged`: SQLite finds the database malformed, or it is none of ours; the file was left as it is
 * - `in-use`: another process has the data folder
 */
export type StoreErrorCode =
  | 'busy'
  | 'full'
  | 'failed'
  | 'too-many-rows'
  | 'too-many-bytes'
  | 'timed-out'
  | 'too-complex'
  | 'cancelled'
  | 'newer-schema'
  | 'older-schema'
  | 'no-database'
  | 'damaged'
  | 'in-use';

/** A store could not do what it was asked. The message is a sentence for the person who asked. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
