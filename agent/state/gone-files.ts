import { lstatSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { JsonValue } from '../../parsers/record/columns.ts';
import { rulesOf } from '../../parsers/rules/match-grade.ts';
import { fsPath, readablePath } from '../walk/disk-path.ts';
import type { ImageRow } from './image-table.ts';
import { parseStoredImage } from './stored-image.ts';

/** Flagged files that were there at an earlier sweep and are not now. */
export interface GoneReport {
  readonly count: number;
  /** The first of them, within MOST_GONE_LISTED and MOST_GONE_BYTES. */
  readonly files: readonly GoneFile[];
}

export type GoneFile = {
  readonly path: string;
  readonly sha1: string | null;
  readonly rules: readonly JsonValue[];
  /** ISO 8601, UTC: when a sweep last reported it. */
  readonly lastSeen: string;
};

const MOST_GONE_LISTED = 1000;
/** Of all as JSON. Whoever deletes the files has named them, and a collector takes 1 MiB for the whole row. */
const MOST_GONE_BYTES = 512 * 1024;

/** Kept until a sweep row has told of them: a sweep that is killed must not make one vanish twice. */
export class GoneFiles {
  readonly #add: StatementSync;
  readonly #count: StatementSync;
  readonly #first: StatementSync;
  readonly #clear: StatementSync;

  constructor(db: DatabaseSync) {
    this.#add = db.prepare('INSERT INTO gone (path, sha1, rules, lastSeenMs) VALUES (?, ?, ?, ?)');
    this.#count = db.prepare('SELECT count(*) AS rows FROM gone');
    this.#first = db.prepare(
      `SELECT path, sha1, rules, lastSeenMs FROM gone ORDER BY rowid LIMIT ${MOST_GONE_LISTED}`,
    );
    this.#clear = db.prepare('DELETE FROM gone');
  }

  add(path: string, { content, reportedMs }: ImageRow): void {
    const { records } = parseStoredImage(content);
    const rules = new Set(records.flatMap(rulesOf));
    const sha1 = records[0]?.SHA1 ?? null;
    this.#add.run(readablePath(path), sha1, JSON.stringify([...rules]), reportedMs);
  }

  report(): GoneReport {
    const files: GoneFile[] = [];
    let bytes = 0;
    for (const { path, sha1, rules, lastSeenMs } of this.#first.iterate()) {
      const file = {
        path: String(path),
        sha1: sha1 === null ? null : String(sha1),
        rules: JSON.parse(String(rules)) as JsonValue[],
        lastSeen: new Date(Number(lastSeenMs)).toISOString(),
      };
      bytes += Buffer.byteLength(JSON.stringify(file));
      if (bytes > MOST_GONE_BYTES) break;
      files.push(file);
    }
    return { count: Number(this.#count.get()?.rows), files };
  }

  clear(): void {
    this.#clear.run();
  }
}

/** Whether there is no file at `path` any more. Where that cannot be found out, there may be one. */
export function isGone(path: string): boolean {
  try {
    return lstatSync(fsPath(path), { throwIfNoEntry: false })?.isFile() !== true;
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return false;
    throw error;
  }
}
