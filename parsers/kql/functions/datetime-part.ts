import { civilDate, isoWeek, midnight, TICKS, timeOfDay } from './calendar.ts';

/** What datetime_part() can be asked for, in lower case. Source: Kusto documentation, "datetime_part()". */
export const DATETIME_PARTS: ReadonlySet<string> = new Set([
  ...['year', 'quarter', 'month', 'week_of_year', 'day', 'dayofyear'],
  ...['hour', 'minute', 'second', 'millisecond', 'microsecond', 'nanosecond'],
]);

/** What datetime_add() and datetime_diff() count in, in lower case. */
export const PERIODS: ReadonlySet<string> = new Set([
  ...['year', 'quarter', 'month', 'week', 'day'],
  ...['hour', 'minute', 'second', 'millisecond', 'microsecond', 'nanosecond'],
]);

/** One part of a datetime. Parts of a second count from the whole second, so 0.1234567 s has 123 ms and 123456 us. */
export function datetimePart(part: string, ticks: bigint): bigint | null {
  const { year, month, day } = civilDate(ticks);
  const time = timeOfDay(ticks);
  const fraction = time % TICKS.second;
  switch (part) {
    case 'year':
      return BigInt(year);
    case 'quarter':
      return BigInt(Math.ceil(month / 3));
    case 'month':
      return BigInt(month);
    case 'week_of_year':
      return BigInt(isoWeek(ticks));
    case 'day':
      return BigInt(day);
    case 'dayofyear':
      return (ticks - (midnight({ year, month: 1, day: 1 }) ?? 0n)) / TICKS.day + 1n;
    case 'hour':
      return time / TICKS.hour;
    case 'minute':
      return (time / TICKS.minute) % 60n;
    case 'second':
      return (time / TICKS.second) % 60n;
    case 'millisecond':
      return fraction / TICKS.millisecond;
    case 'microsecond':
      return fraction / TICKS.microsecond;
    case 'nanosecond':
      return fraction * 100n;
    default:
      return null;
  }
}
