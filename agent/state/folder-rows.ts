import type { Stats } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { fromKey, toKey } from './fingerprint.ts';

/** A file as the state has it: the columns of `file`, see state-database.ts. */
export interface FileRow {
  readonly folder: number;
  readonly kind: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
  readonly dev: number;
  /** Unix time in seconds. */
  readonly due: number;
  readonly judge: number;
}

/** Files of a folder that are read in one go; of a larger one each is looked up for itself, so memory is bounded. */
const MOST_AT_ONCE = 512;
/** As arrays: an object for each row would cost as much again as the reading. */
type Columns = readonly [name: unknown, kind: unknown, ...numbers: readonly number[]];
const COLUMNS = 'name, kind, size, mtimeMs, ctimeMs, ino, dev, due, judge';

/** Rows of the files of one folder after another: to read a folder's at once takes a third of the time of asking for each. */
export class FolderRows {
  readonly #folderId: StatementSync;
  readonly #all: StatementSync;
  readonly #one: StatementSync;
  readonly #rows = new Map<string, Columns>();
  #folder: string | undefined;
  /** undefined where nothing is known of the folder. */
  #id: number | undefined;
  #isWhole = false;

  constructor(db: DatabaseSync) {
    this.#folderId = db.prepare('SELECT id FROM folder WHERE path = ?');
    this.#all = db.prepare(
      `SELECT ${COLUMNS} FROM file WHERE folder = ? LIMIT ${MOST_AT_ONCE + 1}`,
    );
    this.#one = db.prepare(`SELECT ${COLUMNS} FROM file WHERE folder = ? AND name = ?`);
    for (const statement of [this.#all, this.#one]) statement.setReturnArrays(true);
  }

  /** What was read is out of date. */
  reset(): void {
    this.#folder = undefined;
    this.#rows.clear();
  }

  find(folder: string, name: string): FileRow | undefined {
    if (folder !== this.#folder) this.#enter(folder);
    if (this.#id === undefined) return undefined;
    const columns = this.#isWhole ? this.#rows.get(name) : this.#one.get(this.#id, toKey(name));
    return columns && toRow(this.#id, columns as Columns);
  }

  #enter(folder: string): void {
    this.reset();
    const id = this.#folderId.get(toKey(folder))?.id;
    this.#id = typeof id === 'number' ? id : undefined;
    if (this.#id !== undefined) {
      const found = this.#all.all(this.#id) as unknown as Columns[];
      this.#isWhole = found.length <= MOST_AT_ONCE;
      if (this.#isWhole) for (const columns of found) this.#rows.set(fromKey(columns[0]), columns);
    }
    this.#folder = folder;
  }
}

/** Whether nothing says that the file has changed since. */
export function isSameFile(row: FileRow, stats: Stats): boolean {
  return (
    row.size === stats.size &&
    row.mtimeMs === stats.mtimeMs &&
    row.ctimeMs === stats.ctimeMs &&
    row.ino === stats.ino &&
    row.dev === stats.dev
  );
}

function toRow(folder: number, [, kind, ...numbers]: Columns): FileRow {
  const [size = 0, mtimeMs = 0, ctimeMs = 0, ino = 0, dev = 0, due = 0, judge = 0] = numbers;
  return { folder, kind: String(kind), size, mtimeMs, ctimeMs, ino, dev, due, judge };
}
