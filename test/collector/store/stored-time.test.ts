import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { sql } from '../../../collector/query/sql.ts';
import {
  observationColumn,
  storedTimes,
  toStoredTime,
} from '../../../collector/store/sqlite/stored-time.ts';
import { MAX_TICKS, parseDatetime } from '../../../parsers/record/datetime.ts';

const db = new DatabaseSync(':memory:');
db.exec(
  `CREATE TABLE observation ("Timestamp" INTEGER, ${storedTimes.map((name) => `"${name}" INTEGER`).join(', ')}) STRICT`,
);
afterAll(() => db.close());

const noon = parseDatetime('2026-07-01T12:00:00Z') ?? 0n;

describe.each(storedTimes)('%s', (column) => {
  test.each([
    { name: 'the same instant', time: noon },
    { name: 'a millisecond later', time: noon + 10_000n },
    { name: 'a tick earlier', time: noon - 1n },
    { name: 'years later, with a fraction', time: noon + 123_456_789_012_345_671n },
    { name: 'the first tick', time: 0n },
    { name: 'the last tick', time: MAX_TICKS },
    { name: 'null', time: null },
  ])('is read as it was written: $name', ({ time }) => {
    for (const timestamp of [noon, noon + 1n, 0n, MAX_TICKS]) {
      const stored = toStoredTime(column, time, timestamp);
      db.exec('DELETE FROM observation');
      db.prepare(`INSERT INTO observation ("Timestamp", "${column}") VALUES (?, ?)`).run(
        timestamp,
        stored,
      );
      const read = observationColumn(sql`o`, column);
      const select = db.prepare(`SELECT ${read.text} AS time FROM observation AS o`);
      select.setReadBigInts(true);
      expect(select.get()).toEqual({ time });
    }
  });
});

test('an instant that is the Timestamp takes no byte, one in milliseconds at most six', () => {
  expect(toStoredTime('ReadTime', noon, noon)).toBe(0n);
  expect(toStoredTime('FileModifiedTime', noon, 0n)).toBeLessThan(2n ** 47n);
});
