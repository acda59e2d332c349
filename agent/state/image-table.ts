import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { fromKey, joinPath } from './fingerprint.ts';

/** A folder's number and a name, as the tables have them. */
export type FileKey = readonly [folder: number, name: string | Uint8Array];

/** A file with records as the state has it. */
export interface ImageRow {
  /** Of the sweep that saw it last. */
  readonly sweep: number;
  readonly flagged: boolean;
  /** 0 where its records were never wanted. */
  readonly reportedMs: number;
  /** Digest of the rules that flagged it. */
  readonly rules: string;
  /** Of toStoredImage. */
  readonly content: string;
}

/** The files that have records. */
export class ImageTable {
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #flaggedBefore: StatementSync;
  readonly #at: StatementSync;

  constructor(db: DatabaseSync) {
    this.#get = db.prepare(
      'SELECT sweep, flagged, reportedMs, rules, content, checksum FROM image WHERE folder = ? AND name = ?',
    );
    this.#put = db.prepare(
      `INSERT INTO image (folder, name, sweep, flagged, reportedMs, rules, content, checksum)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (folder, name) DO UPDATE SET sweep = excluded.sweep, flagged = excluded.flagged,
         reportedMs = excluded.reportedMs, rules = excluded.rules, content = excluded.content,
         checksum = excluded.checksum`,
    );
    this.#remove = db.prepare('DELETE FROM image WHERE folder = ? AND name = ?');
    this.#flaggedBefore = db.prepare('SELECT rowid FROM image WHERE flagged = 1 AND sweep < ?');
    this.#at = db.prepare(
      'SELECT folder, folder.path, name FROM image JOIN folder ON folder.id = folder WHERE image.rowid = ?',
    );
  }

  /** undefined also where the row was damaged. */
  get(key: FileKey): ImageRow | undefined {
    const row = this.#get.get(...key);
    if (row === undefined) return undefined;
    const content = String(row.content);
    if (crc32(content) !== row.checksum) return undefined;
    return {
      sweep: Number(row.sweep),
      flagged: row.flagged === 1,
      reportedMs: Number(row.reportedMs),
      rules: String(row.rules),
      content,
    };
  }

  put(key: FileKey, { sweep, flagged, reportedMs, rules, content }: ImageRow): void {
    this.#put.run(...key, sweep, flagged ? 1 : 0, reportedMs, rules, content, crc32(content));
  }

  remove(key: FileKey): void {
    this.#remove.run(...key);
  }

  /** The flagged files that no sweep since `sweep` has seen. */
  *flaggedBefore(sweep: number): Generator<{ readonly path: string; readonly key: FileKey }> {
    for (const { rowid } of this.#flaggedBefore.all(sweep)) {
      const row = this.#at.get(Number(rowid));
      if (row === undefined) continue;
      const path = joinPath({ folder: fromKey(row.path), name: fromKey(row.name) });
      yield { path, key: [Number(row.folder), row.name as string | Uint8Array] };
    }
  }
}
