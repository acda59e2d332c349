import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { columnsIn, type Dictionary, type PlacedColumn } from './column-places.ts';
import { keyedValues } from './later-columns.ts';
import { contentKey, contentText, type SqlValue } from './sql-value.ts';
import type { UsedIds } from './used-ids.ts';

/** Ids remembered per dictionary, so that most rows need no lookup; twice as many at most. About 20 MB for the longest contents. */
const REMEMBERED = 20_000;

/** Gives every distinct combination of a dictionary's columns one id. */
export class DictionaryTable {
  readonly name: Dictionary;
  /** Where set, it is told every id that is given out: see unused-rows.ts. */
  used: UsedIds | undefined;
  readonly #columns: readonly PlacedColumn[];
  readonly #select: StatementSync;
  readonly #insert: StatementSync;
  #ids = new Map<string, number>();
  /** What #ids held when it was full last: what is asked for again moves back, the rest goes. */
  #olderIds = new Map<string, number>();

  constructor(db: DatabaseSync, name: Dictionary) {
    this.name = name;
    this.#columns = columnsIn(name);
    const columns = this.#columns.map((column) => `"${column.name}"`);
    this.#select = db.prepare(`SELECT id FROM ${name} WHERE key = ?`);
    this.#insert = db.prepare(
      `INSERT INTO ${name} (key, ${columns.join(', ')}) VALUES (?${', ?'.repeat(columns.length)})`,
    );
  }

  /** The id of `values`, in the order of columnsIn(); inserted where it is new. Call it inside a transaction. */
  idOf(values: readonly SqlValue[]): number {
    const text = contentText(keyedValues(this.name, this.#columns, values));
    const remembered = this.#remembered(text);
    if (remembered !== undefined) {
      this.used?.add(remembered);
      return remembered;
    }
    const key = contentKey(text);
    const found = this.#select.get(key)?.id;
    const id = Number(found ?? this.#insert.run(key, ...values).lastInsertRowid);
    this.#remember(text, id);
    this.used?.add(id);
    return id;
  }

  #remembered(text: string): number | undefined {
    const id = this.#ids.get(text);
    if (id !== undefined) return id;
    const older = this.#olderIds.get(text);
    if (older !== undefined) this.#remember(text, older);
    return older;
  }

  #remember(text: string, id: number): void {
    if (this.#ids.size >= REMEMBERED) {
      this.#olderIds = this.#ids;
      this.#ids = new Map();
    }
    this.#ids.set(text, id);
  }

  /** After a rollback or a removal: ids that were remembered may not exist. */
  forget(): void {
    this.#ids.clear();
    this.#olderIds.clear();
  }
}
