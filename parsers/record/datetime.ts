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
