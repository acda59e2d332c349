import type { DatabaseSync } from 'node:sqlite';

/** Problems that are told; a broken page often makes hundreds. */
const MOST_PROBLEMS = 20;

/**
 * Reads every page and every index of an open database; empty where all is well. Reads the whole file, so it takes about as
 * long as the disk needs for it. Source: SQLite documentation, "PRAGMA integrity_check".
 */
export function integrityProblems(db: DatabaseSync): readonly string[] {
  const rows = db.prepare(`PRAGMA integrity_check(${MOST_PROBLEMS})`).all();
  return rows.map((row) => String(row.integrity_check)).filter((text) => text !== 'ok');
}
