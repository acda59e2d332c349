import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { prepareSchema } from './schema.ts';
import { damaged } from './sqlite-error.ts';
import { fileBytes } from './store-status.ts';

/**
 * Makes `file`, an empty database of our schema. It gets its name when it is whole: a kill leaves no half-made database, so
 * that one without tables, or without bytes, is known to be damaged. Throws StoreError where `file` is gone and its WAL is not.
 *
 * Auto-vacuum lets retention give space back; it must be chosen before the first table.
 */
export function createDatabase(file: string): void {
  if (fileBytes(`${file}-wal`) > 0)
    throw damaged(path.dirname(file), 'its WAL is there, the file itself is gone');
  const fresh = `${file}.new`;
  for (const leftOver of [fresh, `${fresh}-journal`]) rmSync(leftOver, { force: true });
  const db = new DatabaseSync(fresh);
  try {
    db.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA synchronous = FULL');
    prepareSchema(db);
  } finally {
    db.close();
  }
  renameSync(fresh, file);
  if (process.platform !== 'win32') syncFolder(path.dirname(file)); // Windows cannot, and NTFS keeps a journal of names
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
