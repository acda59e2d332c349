/**
 * Datetimes as Kusto and .NET count them: ticks of 100 ns since 0001-01-01T00:00:00Z, in a bigint (they pass 2^53).
 * Source: Kusto documentation, "The datetime data type"; .NET DateTime.Ticks.
 */

/** 100 ns ticks in one millisecond. */
const TICKS_PER_MS = 10_000n;
/** Ticks from 0001-01-01 to 1970-01-01. */
const UNIX_EPOCH_TICKS = 621_355_968_000_000_000n;

/** datetime(0001-01-01) and the last tick of the year 9999. */
export const MIN_TICKS = 0n;
export const MAX_TICKS = 3_155_378_975_999_999_999n;

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7})\d*)?)?)?(Z|[+-]\d{2}:\d{2})?$/;

/** Ticks of a millisecond count since 1970 (Date.now()). */
export function ticksFromUnixMs(ms: number): bigint {
  return BigInt(Math.trunc(ms)) * TICKS_PER_MS + UNIX_EPOCH_TICKS;
}

/** Milliseconds since 1970, rounded down: what is below a millisecond is lost. */
export function unixMsFromTicks(ticks: bigint): number {
  const fromEpoch = ticks - UNIX_EPOCH_TICKS;
  const ms = fromEpoch / TICKS_PER_MS;
  return Number(fromEpoch % TICKS_PER_MS < 0n ? ms - 1n : ms);
}

/**
 * Reads ISO 8601 with up to 7 fraction digits; without a zone the text is UTC, as Kusto reads it.
 * Returns undefined where the text is no such date, 30 February included. Digits past the seventh are dropped.
 */
export function parseDatetime(text: string): bigint | undefined {
  return parseMilliseconds(text) ?? parseAny(text);
}

/**
 * `2026-11-24T03:31:37.123Z`, the form of almost all times of a batch, at a tenth of what the others cost: a row has seven.
 * undefined for other forms, for 29 February, and for what is no date.
 */
function parseMilliseconds(text: string): bigint | undefined {
  if (text.length !== 24 || !hasMarks(text)) return undefined;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
  const [hour, minute, second] = [digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19)];
  const ms = digits(text, 20, 23);
  const inRange =
    year >= 1 &&
    day >= 1 &&
    day <= (MONTH_DAYS[month] ?? 0) &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!inRange || Number.isNaN(ms)) return undefined;
  const seconds = ((daysBefore(year, month) + day - 1) * 24 + hour) * 3600 + minute * 60 + second;
  return BigInt(seconds * 1000 + ms) * TICKS_PER_MS;
}

/** By number; 29 February is left to parseAny(). */
const MONTH_DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function hasMarks(text: string): boolean {
  return (
    text[4] === '-' &&
    text[7] === '-' &&
    text[10] === 'T' &&
    text[13] === ':' &&
    text[16] === ':' &&
    text[19] === '.' &&
    text[23] === 'Z'
  );
}

/** The number in these places; NaN where one is no digit. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Days from 0001-01-01 to the first of a month. Years are taken to begin in March, so that the leap day is their last. */
function daysBefore(year: number, month: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const leapDays =
    Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  const daysInYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5); // months of 31 and 30 days from March on
  return marchYear * 365 + leapDays + daysInYear - DAYS_TO_MARCH;
}

/** Of the year 0, which has a leap day, to 0001-01-01: from its 1 March. */
const DAYS_TO_MARCH = 306;

function parseAny(text: string): bigint | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] =
    match;
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (h > 23 || m > 59 || s > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day))
    return undefined;
  const offset = zone === 'Z' ? 0 : zoneOffsetMs(zone);
  if (offset === undefined) return undefined;
  const ms = date.getTime() + ((h * 60 + m) * 60 + s) * 1000 - offset;
  const ticks = ticksFromUnixMs(ms) + BigInt(fraction.padEnd(7, '0'));
  return ticks < MIN_TICKS || ticks > MAX_TICKS ? undefined : ticks;
}

/** ISO 8601 with Z; the fraction has as many digits as it needs, none when it is zero. */
export function formatDatetime(ticks: bigint): string {
  const seconds = new Date(unixMsFromTicks(ticks)).toISOString().slice(0, 19);
  const fraction = (ticks % 10_000_000n).toString().padStart(7, '0').replace(/0+$/, '');
  return fraction === '' ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}

function zoneOffsetMs(zone: string): number | undefined {
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 14 || minutes > 59) return undefined;
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
