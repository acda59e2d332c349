import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StoreError } from '../store-error.ts';
import { columnsIn, dictionaries } from './column-places.ts';
import { contentSlot, FIRST_SLOT, nextSlot } from './observation-slot.ts';
import { contentText, type SqlValue } from './sql-value.ts';

/** Slots that are looked at. Rows meet by chance alone: see contentSlot(). */
const MAX_CROWD = 64;

const columns = columnsIn('observation').map(({ name }) => name);
/** All that an observation has, in the order in which they are written. */
export const observationNames: readonly string[] = [...dictionaries, ...columns];
/** ReceivedTime is the collector's own, and no part of what was sent. */
const compared = observationNames.map((name, index) => ({ name, index })).filter(isContent);

function isContent({ name }: { name: string }): boolean {
  return name !== 'ReceivedTime' && name !== 'Timestamp' && name !== 'device' && name !== 'path';
}

const place = ['Timestamp', 'device', 'path'].map((name) => observationNames.indexOf(name));

/**
 * The observations, in which the same content is one row. What makes it one is (Timestamp, device, path): another row there is
 * another signature of the file, or the same file judged anew, and the contents are compared.
 */
export class ObservationTable {
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #salt: bigint;

  constructor(db: DatabaseSync) {
    const names = [...observationNames, 'slot'].map((name) => `"${name}"`);
    this.#insert = db.prepare(
      `INSERT INTO observation (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
        ON CONFLICT DO NOTHING`,
    );
    this.#select = db.prepare(
      `SELECT ${compared.map(({ name }) => `"${name}"`).join(', ')} FROM observation
        WHERE "Timestamp" = ? AND device = ? AND path = ? AND slot = ?`,
      { readBigInts: true, returnArrays: true },
    );
    const salt = db.prepare("SELECT value FROM fact WHERE name = 'slotSalt'", {
      readBigInts: true,
    });
    this.#salt = salt.get()?.value as bigint;
  }

  /** False where a row with this content is there. `values` are as stored, in the order of observationNames. */
  add(values: readonly SqlValue[]): boolean {
    if (this.#put(values, FIRST_SLOT)) return true;
    if (this.#holds(values, FIRST_SLOT)) return false;
    const contents = compared.map(({ index }) => asStored(values[index]));
    let slot = contentSlot(this.#salt, contentText(contents));
    for (let tried = 0; tried < MAX_CROWD; tried += 1) {
      if (this.#put(values, slot)) return true;
      if (this.#holds(values, slot)) return false;
      slot = nextSlot(slot);
    }
    throw new StoreError('failed', 'too many rows of one file and instant have the same hash');
  }

  #put(values: readonly SqlValue[], slot: number): boolean {
    return Number(this.#insert.run(...values, slot).changes) > 0;
  }

  /** Whether the row in `slot` has this content. */
  #holds(values: readonly SqlValue[], slot: number): boolean {
    const key = place.map((index) => values[index] ?? null);
    const row = this.#select.get(...key, slot) as unknown as readonly SqlValue[] | undefined;
    return compared.every(({ index }, position) => same(row?.[position], values[index]));
  }
}

function same(stored: SqlValue | undefined, given: SqlValue | undefined): boolean {
  return stored === asStored(given);
}

/** As SQLite gives it back. */
function asStored(value: SqlValue | undefined): SqlValue {
  return typeof value === 'number' ? BigInt(value) : (value ?? null);
}
