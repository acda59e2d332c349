import { MAX_TICKS, MIN_TICKS, ticksFromUnixMs, unixMsFromTicks } from '../../record/datetime.ts';

/** 100 ns ticks. */
export const TICKS = {
  microsecond: 10n,
  millisecond: 10_000n,
  second: 10_000_000n,
  minute: 600_000_000n,
  hour: 36_000_000_000n,
  day: 864_000_000_000n,
  week: 6_048_000_000_000n,
} as const;

/** A day of the Gregorian calendar; month 1 to 12. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export function civilDate(ticks: bigint): CivilDate {
  const date = new Date(unixMsFromTicks(ticks));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
  };
}

/** Midnight of a day; a month or day past its end runs on into the next. Null outside the years 1 to 9999. */
export function midnight({ year, month, day }: CivilDate): bigint | null {
  if (Math.max(Math.abs(year), Math.abs(month), Math.abs(day)) > 300_000) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Number.isNaN(date.getTime()) ? null : inYears(ticksFromUnixMs(date.getTime()));
}

export function inYears(ticks: bigint): bigint | null {
  return ticks < MIN_TICKS || ticks > MAX_TICKS ? null : ticks;
}

/** Whole units below `ticks`, rounded down. */
export function floorDivide(ticks: bigint, unit: bigint): bigint {
  const rest = ticks % unit;
  return (ticks - (rest < 0n ? rest + unit : rest)) / unit;
}

export function timeOfDay(ticks: bigint): bigint {
  return ticks - floorDivide(ticks, TICKS.day) * TICKS.day;
}

/** 0 is Sunday. 0001-01-01 was a Monday. */
export function weekday(ticks: bigint): number {
  return Number((floorDivide(ticks, TICKS.day) + 1n) % 7n);
}

/** `count` months later, on the same day or the last of a shorter month, at the same time. Source: .NET DateTime.AddMonths. */
export function addMonths(ticks: bigint, count: number): bigint | null {
  const { year, month, day } = civilDate(ticks);
  const months = year * 12 + month - 1 + count;
  const target = { year: Math.floor(months / 12), month: (months % 12) + 1 };
  if (target.year < 1 || target.year > 9999) return null;
  const start = midnight({ ...target, day: Math.min(day, daysInMonth(target.year, target.month)) });
  return start === null ? null : start + timeOfDay(ticks);
}

function daysInMonth(year: number, month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 0);
  return date.getUTCDate();
}

/** ISO 8601 week: the first week has the year's first Thursday. Source: Kusto documentation, "week_of_year()". */
export function isoWeek(ticks: bigint): number {
  const day = floorDivide(ticks, TICKS.day);
  const thursday = day - BigInt((weekday(ticks) + 6) % 7) + 3n;
  const { year } = civilDate(thursday * TICKS.day);
  const yearStart = midnight({ year, month: 1, day: 1 }) ?? 0n;
  return Number((thursday - yearStart / TICKS.day) / 7n) + 1;
}
