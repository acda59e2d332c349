import { ticksFromUnixMs } from '../../record/datetime.ts';
import type { CellValue } from '../plan.ts';
import {
  addMonths,
  type CivilDate,
  civilDate,
  floorDivide,
  inYears,
  isoWeek,
  midnight,
  TICKS,
  weekday,
} from './calendar.ts';
import { datetimePart } from './datetime-part.ts';
import { formatByPattern } from './format-pattern.ts';
import { functions, position, text, whole } from './scalar-function.ts';

type Unit = 'day' | 'week' | 'month' | 'year';

/** datetime and timespan. Source: Kusto documentation, the page of each function. A week begins on Sunday. */
export const datetimeFunctions = functions({
  startofday: startOf('day'),
  startofweek: startOf('week'),
  startofmonth: startOf('month'),
  startofyear: startOf('year'),
  endofday: endOf('day'),
  endofweek: endOf('week'),
  endofmonth: endOf('month'),
  endofyear: endOf('year'),
  dayofweek: { params: ['datetime'], run: ([at]) => BigInt(weekday(whole(at))) * TICKS.day },
  dayofmonth: part('day'),
  dayofyear: part('dayofyear'),
  hourofday: part('hour'),
  getmonth: part('month'),
  getyear: part('year'),
  week_of_year: { params: ['datetime'], run: ([at]) => BigInt(isoWeek(whole(at))) },
  datetime_part: {
    params: ['part', 'datetime'],
    run: ([name, at]) => datetimePart(text(name).toLowerCase(), whole(at)),
  },
  datetime_add: { params: ['period', 'long', 'datetime'], run: add },
  datetime_diff: { params: ['period', 'datetime', 'datetime'], run: difference },
  make_datetime: {
    params: ['long', 'long', 'long', 'long?', 'long?', 'number?'],
    run: makeDatetime,
  },
  make_timespan: { params: ['long', 'long', 'number?', 'number?'], run: makeTimespan },
  format_datetime: {
    params: ['datetime', 'datetime-format'],
    run: ([at, pattern]) => formatByPattern(whole(at), text(pattern), 'datetime'),
  },
  format_timespan: {
    params: ['timespan', 'timespan-format'],
    run: ([span, pattern]) => formatByPattern(whole(span), text(pattern), 'timespan'),
  },
  unixtime_seconds_todatetime: {
    params: ['number'],
    run: ([seconds]) => {
      const ms = Number(seconds) * 1000;
      return Math.abs(ms) > 8e15 ? null : inYears(ticksFromUnixMs(ms));
    },
  },
});

function part(name: string) {
  return functions({
    part: { params: ['datetime'], run: ([at]) => datetimePart(name, whole(at)) },
  }).part;
}

function startOf(unit: Unit) {
  return functions({
    start: {
      params: ['datetime', 'long?'],
      run: ([at, offset]) => start(unit, whole(at), position(whole(offset))),
    },
  }).start;
}

/** The last tick before the next one begins. */
function endOf(unit: Unit) {
  return functions({
    end: {
      params: ['datetime', 'long?'],
      run: ([at, offset]) => {
        const next = start(unit, whole(at), position(whole(offset)) + 1);
        return next === null ? null : next - 1n;
      },
    },
  }).end;
}

/** Where the unit begins that is `offset` units after the one of `ticks`. */
function start(unit: Unit, ticks: bigint, offset: number): bigint | null {
  const day = floorDivide(ticks, TICKS.day);
  if (unit === 'day') return inYears((day + BigInt(offset)) * TICKS.day);
  if (unit === 'week')
    return inYears((day - BigInt(weekday(ticks)) + 7n * BigInt(offset)) * TICKS.day);
  if (Math.abs(offset) > 200_000) return null;
  const date = civilDate(ticks);
  return unit === 'month' ? monthStart(date, offset) : yearStart(date, offset);
}

function monthStart({ year, month }: CivilDate, offset: number): bigint | null {
  return midnight({ year, month: month + offset, day: 1 });
}

function yearStart({ year }: CivilDate, offset: number): bigint | null {
  return midnight({ year: year + offset, month: 1, day: 1 });
}

const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };

function unitTicks(period: string): bigint | undefined {
  return period in TICKS ? TICKS[period as keyof typeof TICKS] : undefined;
}

function add([period, amount, at]: readonly CellValue[]): bigint | null {
  const name = text(period).toLowerCase();
  const months = MONTHS[name];
  if (months !== undefined) {
    const count = position(whole(amount)) * months;
    return Math.abs(count) > 200_000 ? null : addMonths(whole(at), count);
  }
  if (name === 'nanosecond') return inYears(whole(at) + whole(amount) / 100n);
  return inYears(whole(at) + whole(amount) * (unitTicks(name) ?? 0n));
}

/** How many beginnings of the period lie between. Source: Kusto documentation, "datetime_diff()", its example. */
function difference([period, one, other]: readonly CellValue[]): bigint {
  const name = text(period).toLowerCase();
  const [a, b] = [whole(one), whole(other)];
  if (name === 'nanosecond') return (a - b) * 100n;
  const months = MONTHS[name];
  if (months !== undefined) return monthNumber(a, months) - monthNumber(b, months);
  if (name === 'week') return weekNumber(a) - weekNumber(b);
  const unit = unitTicks(name) ?? 1n;
  return floorDivide(a, unit) - floorDivide(b, unit);
}

function monthNumber(ticks: bigint, months: number): bigint {
  const { year, month } = civilDate(ticks);
  return BigInt(Math.floor((year * 12 + month - 1) / months));
}

/** Weeks from Sunday to Sunday. */
function weekNumber(ticks: bigint): bigint {
  return floorDivide(floorDivide(ticks, TICKS.day) + 1n, 7n);
}

/** Null where there is no such time, 30 February included. Source: Kusto documentation, "make_datetime()". */
function makeDatetime(args: readonly CellValue[]): bigint | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = args.map((arg) => Number(arg));
  const date = midnight({ year, month, day });
  const clock = clockTicks(hour, minute, Number(args[5] ?? 0));
  if (date === null || clock === null) return null;
  const made = civilDate(date);
  if (made.year !== year || made.month !== month || made.day !== day) return null;
  return date + clock;
}

/** (hour, minute), (hour, minute, second) or (day, hour, minute, second). Source: the documentation, "make_timespan()". */
function makeTimespan(args: readonly CellValue[]): bigint | null {
  const numbers = args.map((arg) => Number(arg));
  const [day, hour, minute, second] =
    numbers.length === 4
      ? (numbers as [number, number, number, number])
      : [0, numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0];
  const clock = clockTicks(hour, minute, second);
  if (clock === null || !Number.isInteger(day) || day < 0 || day > 10_675_199) return null;
  return BigInt.asIntN(64, BigInt(day) * TICKS.day + clock);
}

function clockTicks(hour: number, minute: number, second: number): bigint | null {
  if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60))
    return null;
  if (!Number.isInteger(hour) || !Number.isInteger(minute)) return null;
  const ticks = BigInt(Math.round(second * 1e7));
  return BigInt(hour) * TICKS.hour + BigInt(minute) * TICKS.minute + ticks;
}
