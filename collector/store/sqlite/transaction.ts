import type { DatabaseSync } from 'node:sqlite';

/** All that `work` writes, or none of it. When it returns it is on disk. */
export function inTransaction<Result>(db: DatabaseSync, work: () => Result): Result {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK'); // a full disk has rolled back already
    throw error;
  }
}
