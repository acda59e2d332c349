import type { DateOrder } from './export-row.ts';

/** A date as a person's locale writes it, taken apart; nothing is decided yet. */
export interface DateText {
  /** The three numbers in their order in the text; a month's name is its number. */
  readonly numbers: readonly [number, number, number];
  /** `numeric` needs a DateOrder: both day first and month first are written so. */
  readonly order: DateOrder | 'ymd' | 'numeric';
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Ticks of 100 ns below the second. */
  readonly fraction: number;
  /** Minutes ahead of UTC where the text says so. */
  readonly offset: number | undefined;
}

const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july'],
  ...['august', 'september', 'october', 'november', 'december'],
];
/** Longer texts are no date. */
const MAX_LENGTH = 64;

// \s is also the narrow no-break space that browsers write before PM.
const TIME =
  /[,\sT]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:\s*([ap])\.?m\.?)?(?:\s*(Z|(?:UTC|GMT)?(?:[+-]\d{1,2}(?::?\d{2})?)|UTC|GMT))?$/i;
const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/;
const MONTH_FIRST = /^([a-z]{3,9})\.? (\d{1,2}),? (\d{4})$/i;
const DAY_FIRST = /^(\d{1,2})\.? ([a-z]{3,9})\.?,? (\d{4})$/i;
const WEEKDAY = /^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? /i;

/**
 * `11/24/2026, 7:36:49.123 PM`, `24.11.2026 19:36:49`, `Nov 24, 2026 7:36:49 PM`, `2026-11-24 19:36:49.1234567` and the like.
 * undefined where the text is no date with a time of day. Names of months are English; years have four digits.
 */
export function parseDateText(text: string): DateText | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const time = TIME.exec(text);
  if (!time) return undefined;
  const date = parseDate(text.slice(0, time.index).replace(WEEKDAY, ''));
  const [, hour = '', minute = '', second = '0', fraction = '', half, zone] = time;
  const hours = hourOfDay(Number(hour), half?.toLowerCase());
  const offset = zone === undefined ? undefined : zoneMinutes(zone);
  if (!date || hours === undefined || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (zone !== undefined && offset === undefined) return undefined;
  return {
    ...date,
    hour: hours,
    minute: Number(minute),
    second: Number(second),
    fraction: Number(fraction.slice(0, 7).padEnd(7, '0')),
    offset,
  };
}

function parseDate(text: string): Pick<DateText, 'numbers' | 'order'> | undefined {
  const year = YEAR_FIRST.exec(text);
  if (year) return { order: 'ymd', numbers: [Number(year[1]), Number(year[3]), Number(year[4])] };
  const last = YEAR_LAST.exec(text);
  if (last)
    return { order: 'numeric', numbers: [Number(last[1]), Number(last[3]), Number(last[4])] };
  const month = MONTH_FIRST.exec(text);
  if (month) return named('mdy', [monthNumber(month[1]), Number(month[2]), Number(month[3])]);
  const day = DAY_FIRST.exec(text);
  if (day) return named('dmy', [Number(day[1]), monthNumber(day[2]), Number(day[3])]);
  return undefined;
}

function named(order: DateOrder, numbers: DateText['numbers']) {
  return numbers.includes(0) ? undefined : { order, numbers };
}

/** 0 where the word is no month: `Sept` and `September` are, `Mayor` is not. */
function monthNumber(word = ''): number {
  return MONTHS.findIndex((month) => month.startsWith(word.toLowerCase())) + 1;
}

function hourOfDay(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour < 24 ? hour : undefined;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half === 'p' ? 12 : 0);
}

function zoneMinutes(zone: string): number | undefined {
  const match = /([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(zone);
  if (!match) return 0;
  const [hours, minutes] = [Number(match[2]), Number(match[3] ?? 0)];
  if (hours > 14 || minutes > 59) return undefined;
  return (match[1] === '-' ? -1 : 1) * (hours * 60 + minutes);
}
