import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';

/**
 * Table and line of every row that a killed agent has left in its spool, read from a copy by code that is not the agent's.
 * What is durable there must reach the collector.
 */
export function spooledRows(stateFolder: string, scratch: string): Set<string> {
  const rows = new Set<string>();
  const folder = mkdtempSync(path.join(scratch, 'spool-copy-'));
  for (const suffix of ['', '-wal']) {
    const file = path.join(stateFolder, `spool.sqlite${suffix}`);
    if (existsSync(file)) copyFileSync(file, path.join(folder, `spool.sqlite${suffix}`));
  }
  const db = new DatabaseSync(path.join(folder, 'spool.sqlite'));
  try {
    const isMade = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'batch'").get();
    if (isMade === undefined) return rows; // killed before it had a table
    for (const { tableName, body } of db.prepare('SELECT tableName, body FROM batch').all())
      for (const line of zstdDecompressSync(body as Uint8Array)
        .toString()
        .trimEnd()
        .split('\n'))
        rows.add(`${tableName} ${line}`);
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}
