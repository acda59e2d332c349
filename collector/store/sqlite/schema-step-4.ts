import type { DatabaseSync } from 'node:sqlite';
import { ObservationTable, observationNames } from './observation-table.ts';
import type { SqlValue } from './sql-value.ts';
import { storedTimes, toStoredTime } from './stored-time.ts';

/**
 * To version 4 from any other: observations are told apart by path and slot, not by a hash of 8 or 16 bytes, and those of versions 1
 * and 2 get shorter times. Inside the caller's transaction; takes about a minute for 5 million rows.
 */
export function stepToVersion4(db: DatabaseSync, version: number, observationSql: string): void {
  db.exec(`
    DROP INDEX observation_by_certificate;
    ALTER TABLE observation RENAME TO observation_before;
    ${observationSql}`);
  const rows = db.prepare(
    `SELECT ${observationNames.map((name) => `"${name}"`).join(', ')} FROM observation_before`,
    { readBigInts: true, returnArrays: true },
  );
  const observations = new ObservationTable(db);
  for (const row of rows.iterate() as Iterable<unknown>) {
    const values = row as SqlValue[];
    observations.add(version < 3 ? withStoredTimes(values) : values);
  }
  db.exec('DROP TABLE observation_before');
}

const TIMESTAMP = observationNames.indexOf('Timestamp');

function withStoredTimes(values: readonly SqlValue[]): SqlValue[] {
  const timestamp = values[TIMESTAMP] as bigint;
  return values.map((value, index) => {
    const name = observationNames[index] ?? '';
    return storedTimes.includes(name)
      ? toStoredTime(name, value as bigint | null, timestamp)
      : value;
  });
}
