/** What a wall-clock reading means in a zone: one instant, or why not one. */
export type LocalInstant =
  | { readonly kind: 'instant'; readonly unixMs: number }
  | { readonly kind: 'no-such-local-time' }
  | { readonly kind: 'local-time-twice' };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Wall-clock hours whose offset is remembered. */
const MAX_HOURS = 4_096;
/** Not a real offset: the hour has a change of the clock in it, or beside it. */
const CHANGING = Number.NaN;

/** Instants of one time zone by its wall clock. Zones are Node's own (ICU). */
export class LocalTime {
  readonly #format: Intl.DateTimeFormat;
  readonly #hours = new Map<number, number>();

  /** Throws RangeError where `zone` is no IANA name and no offset such as +01:00. */
  constructor(zone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** `wallMs`: the wall-clock reading as if it were UTC, in ms since 1970. */
  toInstant(wallMs: number): LocalInstant {
    const hour = Math.floor(wallMs / HOUR_MS);
    let offset = this.#hours.get(hour);
    if (offset === undefined) {
      offset = this.#steadyOffset(hour);
      if (this.#hours.size >= MAX_HOURS) this.#hours.clear();
      this.#hours.set(hour, offset);
    }
    if (!Number.isNaN(offset)) return { kind: 'instant', unixMs: wallMs - offset };
    const matching = this.#matchingOffsets(wallMs);
    if (matching.length === 1) return { kind: 'instant', unixMs: wallMs - (matching[0] ?? 0) };
    return { kind: matching.length === 0 ? 'no-such-local-time' : 'local-time-twice' };
  }

  /** The offset of a whole wall-clock hour, where the clock is not changed within a day of it. */
  #steadyOffset(hour: number): number {
    const start = hour * HOUR_MS;
    const offset = this.#offsetAt(start - DAY_MS);
    return offset === this.#offsetAt(start + HOUR_MS + DAY_MS) && offset === this.#offsetAt(start)
      ? offset
      : CHANGING;
  }

  /** A reading has an offset where the clock, at that instant, has the same. Offsets change at most once in two days. */
  #matchingOffsets(wallMs: number): number[] {
    const offsets = new Set([this.#offsetAt(wallMs - DAY_MS), this.#offsetAt(wallMs + DAY_MS)]);
    return [...offsets].filter((offset) => this.#offsetAt(wallMs - offset) === offset);
  }

  /** Milliseconds that the wall clock is ahead of UTC at an instant. */
  #offsetAt(unixMs: number): number {
    const whole = Math.floor(unixMs / 1000) * 1000;
    const parts = this.#format.formatToParts(whole);
    const part = (type: Intl.DateTimeFormatPartTypes) =>
      Number(parts.find((each) => each.type === type)?.value);
    const beforeChrist = parts.some(({ type, value }) => type === 'era' && value === 'BC');
    const wall = new Date(0);
    wall.setUTCFullYear(
      beforeChrist ? 1 - part('year') : part('year'),
      part('month') - 1,
      part('day'),
    );
    wall.setUTCHours(part('hour'), part('minute'), part('second'));
    return wall.getTime() - whole;
  }
}
