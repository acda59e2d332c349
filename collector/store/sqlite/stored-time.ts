import { identifier, type Sql, sql } from '../../query/sql.ts';

/**
 * The times of an observation that are stored in less than the 8 bytes that ticks take, by what they are stored from.
 *
 * When a file was read and when its record came are near the record's Timestamp, mostly the same instant, which takes no
 * byte at all. The others are whole milliseconds in almost all records, which take 6. Timestamp itself is searched by.
 */
const STORED_FROM: Readonly<Record<string, 'Timestamp' | 'zero'>> = {
  ReadTime: 'Timestamp',
  ReceivedTime: 'Timestamp',
  FileCreatedTime: 'zero',
  FileModifiedTime: 'zero',
};

const TICKS_PER_MS = 10_000n;

/**
 * `ticks` as this column of an observation keeps it: twice the milliseconds where there is no fraction, else twice the
 * ticks and one. No two datetimes are further apart than 2^62, so that it fits.
 */
export function toStoredTime(
  column: string,
  ticks: bigint | null,
  timestamp: bigint,
): bigint | null {
  const from = STORED_FROM[column];
  if (from === undefined || ticks === null) return ticks;
  const time = from === 'zero' ? ticks : ticks - timestamp;
  return time % TICKS_PER_MS === 0n ? (time / TICKS_PER_MS) * 2n : time * 2n + 1n;
}

/** Reads a column of the observation that is called `row`, whatever it is stored as. */
export function observationColumn(row: Sql, column: string): Sql {
  const stored = sql`${row}.${identifier(column)}`;
  const from = STORED_FROM[column];
  if (from === undefined) return stored;
  const ticks = sql`CASE WHEN ${stored} & 1 THEN ${stored} >> 1 ELSE ${stored} * 5000 END`;
  return from === 'zero' ? sql`(${ticks})` : sql`(${row}."Timestamp" + ${ticks})`;
}

/** The columns that toStoredTime() changes: a step of the schema brings older rows into this form. */
export const storedTimes: readonly string[] = Object.keys(STORED_FROM);
