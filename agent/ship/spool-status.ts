import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { spoolError, spoolFile } from './spool-database.ts';

/** What waits in a spool, for a person. */
export interface SpoolStatus {
  readonly batches: number;
  readonly rows: number;
  /** Milliseconds since 1970; null where nothing waits. */
  readonly oldestMs: number | null;
  /** Batches that the collector will never take. */
  readonly refusedBatches: number;
}

/**
 * Looks into the spool in `folder` while another process may work with it; changes nothing. undefined where there is none.
 * Throws CommandError where it cannot be read.
 */
export function spoolStatus(folder: string): SpoolStatus | undefined {
  const file = spoolFile(folder);
  if (!existsSync(file)) return undefined;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    const row = db
      .prepare(
        `SELECT count(*) FILTER (WHERE refusal IS NULL) AS batches,
           coalesce(sum(rows) FILTER (WHERE refusal IS NULL), 0) AS rows,
           min(createdMs) FILTER (WHERE refusal IS NULL) AS oldestMs,
           count(*) FILTER (WHERE refusal IS NOT NULL) AS refusedBatches
         FROM batch`,
      )
      .get();
    return { ...row } as unknown as SpoolStatus; // the columns as selected above
  } catch (error) {
    throw spoolError(error, file);
  } finally {
    db?.close();
  }
}
