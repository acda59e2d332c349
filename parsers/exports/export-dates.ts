import { MAX_TICKS, MIN_TICKS, parseDatetime, ticksFromUnixMs } from '../record/datetime.ts';
import { type DateText, parseDateText } from './date-text.ts';
import { ExportError } from './export-error.ts';
import type { DateOrder, ExportOptions, ExportProblemCode } from './export-row.ts';
import { LocalTime } from './local-time.ts';

/** A time as ticks, or why it is none. */
export type ReadDate = bigint | { readonly code: ExportProblemCode; readonly message: string };

const TICKS_PER_SECOND = 10_000_000n;
/** Texts whose meaning is remembered: certificates' times repeat all over an export. */
const MAX_REMEMBERED = 8_192;
const HAS_ZONE = /(?:Z|[+-]\d{2}:\d{2})$/;

/** What one text tells of the order of day and month: a part above 12 settles it. */
export type OrderEvidence = DateOrder | 'open' | 'none';

export function orderEvidence(text: string): OrderEvidence {
  const date = parseDateText(text);
  if (date?.order !== 'numeric') return 'none';
  const [first, second] = date.numbers;
  if (first > 12 && second <= 12) return 'dmy';
  if (second > 12 && first <= 12) return 'mdy';
  return first === second || first > 12 ? 'none' : 'open';
}

/** The times of one CSV export. `order` is set by the reader once it is known. */
export class ExportDates {
  order: DateOrder | undefined;
  readonly #name: string;
  readonly #zones = new Map<string, LocalTime>();
  readonly #optionZone: string | undefined;
  readonly #known = new Map<string, ReadDate>();

  constructor({ name, timeZone, dateOrder }: ExportOptions) {
    this.#name = name;
    this.order = dateOrder;
    this.#optionZone = timeZone;
    if (timeZone !== undefined) this.#zone(timeZone, 'the option');
  }

  /**
   * Reads one time. A zone in the text counts first, then `columnZone` (of the header), then the option. Without any of them
   * the export cannot be read: an ExportError says what to do.
   */
  read(text: string, columnZone: string | undefined, place: string): ReadDate {
    const key = columnZone === undefined ? text : `${columnZone} ${text}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const value = this.#read(text, columnZone, place);
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    this.#known.set(key, value);
    return value;
  }

  #read(text: string, columnZone: string | undefined, place: string): ReadDate {
    const iso = HAS_ZONE.test(text) ? parseDatetime(text) : undefined;
    if (iso !== undefined) return iso;
    const date = parseDateText(text);
    if (!date) return badDate('expected a date and time');
    const wallMs = this.#wallMs(date);
    if (wallMs === undefined) return badDate(`no such date${this.#orderWords(date)}`);
    if (date.offset !== undefined) return this.#ticks(wallMs - date.offset * 60_000, date);
    const instant = this.#zoneOf(columnZone, place).toInstant(wallMs);
    if (instant.kind === 'instant') return this.#ticks(instant.unixMs, date);
    const what = instant.kind === 'local-time-twice' ? 'twice' : 'not at all';
    const message = `this local time exists ${what}: the clock is changed then; export in UTC`;
    return { code: instant.kind, message };
  }

  /** The wall-clock reading as if it were UTC; undefined for 30 February and the like. */
  #wallMs({ numbers: [first, second, third], order, hour, minute, second: s }: DateText) {
    const by = order === 'numeric' ? this.order : order;
    // Where no order is set, day and month are the same number, or no date in either order.
    const [year, month, day] =
      by === 'ymd'
        ? [first, second, third]
        : by === 'mdy'
          ? [third, first, second]
          : [third, second, first];
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
    return date.getTime() + ((hour * 60 + minute) * 60 + s) * 1000;
  }

  #orderWords({ order }: DateText): string {
    if (order !== 'numeric' || this.order === undefined) return '';
    return this.order === 'dmy' ? ' (day first)' : ' (month first)';
  }

  #ticks(unixMs: number, { fraction }: DateText): ReadDate {
    const ticks = ticksFromUnixMs(unixMs) + (BigInt(fraction) % TICKS_PER_SECOND);
    return ticks < MIN_TICKS || ticks > MAX_TICKS ? badDate('outside the years 1 to 9999') : ticks;
  }

  #zoneOf(columnZone: string | undefined, place: string): LocalTime {
    if (columnZone !== undefined) return this.#zone(columnZone, place);
    if (this.#optionZone !== undefined) return this.#zone(this.#optionZone, place);
    const message =
      'times carry no time zone: name the one of the portal that exported them, such as --timezone UTC or Europe/Berlin';
    throw new ExportError('missing-time-zone', this.#name, place, message);
  }

  #zone(zone: string, place: string): LocalTime {
    const known = this.#zones.get(zone);
    if (known) return known;
    try {
      const made = new LocalTime(zone);
      this.#zones.set(zone, made);
      return made;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const message = `${zone.slice(0, 80)} is no time zone: give an IANA name such as Europe/Berlin, or +01:00`;
      throw new ExportError('bad-time-zone', this.#name, place, message);
    }
  }
}

function badDate(message: string): ReadDate {
  return { code: 'bad-date', message };
}
