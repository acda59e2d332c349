import type { DatabaseSync } from 'node:sqlite';
import { dictionaries } from './column-places.ts';
import type { DictionaryTable } from './dictionary-table.ts';
import { inTransaction } from './transaction.ts';
import { UsedIds } from './used-ids.ts';

/** Observations, and rows of a dictionary, looked at between two batches: some 50 ms. */
const SLICE = 20_000;

/**
 * Removes dictionary rows that no observation points to any more, a slice a step.
 *
 * First every observation is looked at, and its ids are marked. Batches that are written meanwhile mark theirs, too, by
 * DictionaryTable; so a row of those that were there at the start and is unmarked at the end is used by none, old or new.
 */
export function* unusedRows(db: DatabaseSync, tables: readonly DictionaryTable[]): Generator<void> {
  try {
    for (const table of tables) {
      const last = db.prepare(`SELECT MAX(id) AS id FROM ${table.name}`).get()?.id;
      table.used = new UsedIds(Number(last ?? 0));
    }
    yield* markObservations(db, tables);
    for (const table of tables) yield* removeUnused(db, table);
  } finally {
    for (const table of tables) table.used = undefined;
  }
}

function* markObservations(db: DatabaseSync, tables: readonly DictionaryTable[]): Generator<void> {
  const key = 'Timestamp, device, path, slot';
  const after = `FROM observation WHERE (${key}) > (?, ?, ?, ?)`;
  const order = `ORDER BY ${key}`;
  const last = db.prepare(`SELECT ${key} ${after} ${order} LIMIT 1 OFFSET ${SLICE - 1}`, {
    readBigInts: true,
    returnArrays: true,
  });
  const ids = db.prepare(`SELECT ${dictionaries.join(', ')} ${after} ${order} LIMIT ${SLICE}`, {
    returnArrays: true,
  });
  let place: bigint[] | undefined = [-(2n ** 63n), 0n, 0n, 0n];
  while (place) {
    for (const row of ids.iterate(...place) as Iterable<unknown>) {
      for (const [index, id] of (row as number[]).entries()) tables[index]?.used?.add(id);
    }
    place = last.get(...place) as unknown as bigint[] | undefined;
    yield;
  }
}

function* removeUnused(db: DatabaseSync, table: DictionaryTable): Generator<void> {
  const next = db.prepare(`SELECT id FROM ${table.name} WHERE id > ? ORDER BY id LIMIT ${SLICE}`);
  const remove = db.prepare(`DELETE FROM ${table.name} WHERE id = ?`);
  const highest = table.used?.highest ?? 0;
  for (let from = 0; from < highest; ) {
    const ids = next.all(from).map(({ id }) => Number(id));
    const unused = ids.filter((id) => id <= highest && !table.used?.has(id));
    if (unused.length > 0) {
      inTransaction(db, () => {
        for (const id of unused) remove.run(id);
      });
      table.forget();
    }
    from = ids.at(-1) ?? highest;
    yield;
  }
}
