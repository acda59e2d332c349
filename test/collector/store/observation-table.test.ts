import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { FIRST_SLOT, nextSlot } from '../../../collector/store/sqlite/observation-slot.ts';
import {
  ObservationTable,
  observationNames,
} from '../../../collector/store/sqlite/observation-table.ts';
import { schemaSql } from '../../../collector/store/sqlite/schema.ts';
import type { SqlValue } from '../../../collector/store/sqlite/sql-value.ts';

function emptyTable(): { db: DatabaseSync; table: ObservationTable } {
  const db = new DatabaseSync(':memory:');
  db.exec(schemaSql());
  return { db, table: new ObservationTable(db) };
}

const texts = ['RunningProcesses', 'AutostartEntries'];

/** A stored row: everything 1 but for `values`. */
function row(values: Record<string, number | bigint | null>): SqlValue[] {
  return observationNames.map((name) => {
    const value = Object.hasOwn(values, name) ? (values[name] ?? null) : 1;
    return texts.includes(name) && value !== null ? `${value}` : value;
  });
}

const slots = (db: DatabaseSync) =>
  db
    .prepare('SELECT slot FROM observation ORDER BY slot')
    .all()
    .map(({ slot }) => Number(slot));

test('a row alone at its instant, device and path is in the first slot', () => {
  const { db, table } = emptyTable();
  expect(table.add(row({}))).toBe(true);
  for (const name of ['Timestamp', 'device', 'path'])
    expect(table.add(row({ [name]: 2 })), name).toBe(true);
  expect(slots(db)).toEqual([FIRST_SLOT, FIRST_SLOT, FIRST_SLOT, FIRST_SLOT]);
});

test.each(observationNames.filter((name) => name !== 'ReceivedTime'))(
  'a row that differs in %s alone is another row',
  (name) => {
    const { table } = emptyTable();
    expect(table.add(row({}))).toBe(true);
    expect(table.add(row({ [name]: 2 }))).toBe(true);
    expect(table.add(row({ [name]: 2n }))).toBe(false);
    expect(table.add(row({ [name]: 1n, ReceivedTime: 7 }))).toBe(false);
  },
);

test('null and 0 are different contents', () => {
  const { table } = emptyTable();
  expect([null, 0, null, 0n].map((ReportId) => table.add(row({ ReportId })))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('5,000 rows of one instant without a path are kept, and each is known again', () => {
  const { db, table } = emptyTable();
  const rows = Array.from({ length: 5_000 }, (_, ReportId) => row({ ReportId }));
  expect(rows.filter((values) => table.add(values))).toHaveLength(5_000);
  expect(rows.filter((values) => table.add(values))).toHaveLength(0);
  expect(new Set(slots(db)).size).toBe(5_000);
});

test('a row whose slot another content has goes to the next one', () => {
  const { db, table } = emptyTable();
  table.add(row({}));
  table.add(row({ ReportId: 2 }));
  const [taken] = slots(db).filter((slot) => slot !== FIRST_SLOT);
  db.exec(`DELETE FROM observation WHERE slot = ${taken}`);
  const move = db.prepare('INSERT INTO observation SELECT * FROM observation WHERE slot = 0');
  expect(() => move.run()).toThrow('UNIQUE'); // the first slot is taken
  db.exec(`UPDATE observation SET slot = ${taken}, "ReportId" = 9`);
  table.add(row({}));
  expect(table.add(row({ ReportId: 2 }))).toBe(true);
  expect(slots(db)).toContain(nextSlot(taken ?? 0));
  expect(table.add(row({ ReportId: 2 }))).toBe(false);
});
