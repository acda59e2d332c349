import type { DatabaseSync } from 'node:sqlite';
import { fromKey, joinPath } from './fingerprint.ts';
import { isGone } from './gone-files.ts';

/** Rows beyond those of the sweep that are not worth looking for: a part of them, and a number. */
const TOLERATED_SHARE = 0.05;
const TOLERATED_ROWS = 1000;

/**
 * Takes out of the state what is no longer on disk, where there is much of it. Such rows do no harm but take space.
 * `seen` is the number of files that the sweep has found in the state or put there; only what `isInScope` is looked at.
 */
export function forgetVanished(
  db: DatabaseSync,
  seen: number,
  isInScope: (file: string) => boolean,
): void {
  const rows = Number(db.prepare('SELECT count(*) AS rows FROM file').get()?.rows);
  if (rows <= seen * (1 + TOLERATED_SHARE) + TOLERATED_ROWS) return;
  const namesOf = db.prepare('SELECT name FROM file WHERE folder = ?');
  const forgetFile = db.prepare('DELETE FROM file WHERE folder = ? AND name = ?');
  const forgetImage = db.prepare(
    'DELETE FROM image WHERE folder = ? AND name = ? AND flagged = 0', // a flagged one is reported as gone first
  );
  for (const { id, path } of db.prepare('SELECT id, path FROM folder').all()) {
    const folder = fromKey(path);
    for (const { name } of namesOf.all(Number(id))) {
      const file = joinPath({ folder, name: fromKey(name) });
      if (!isInScope(file) || !isGone(file)) continue;
      const key = [Number(id), name as string | Uint8Array] as const;
      forgetFile.run(...key);
      forgetImage.run(...key);
    }
  }
  db.exec(`DELETE FROM folder WHERE NOT EXISTS (SELECT 1 FROM file WHERE file.folder = folder.id)
    AND NOT EXISTS (SELECT 1 FROM image WHERE image.folder = folder.id)`);
}
