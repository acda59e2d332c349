import { MAX_TICKS, MIN_TICKS, parseDatetime } from '../../parsers/record/datetime.ts';
import { HttpError } from '../http/http-error.ts';
import type { TimeRange } from '../query/restrict-time.ts';

/**
 * Reads the time range of a Log Analytics or Graph request: `P1D` until `now`, `2026-07-01T00:00:00Z/PT12H`, `PT12H/END` or
 * `START/END`; both ends belong to it. Throws HttpError 400.
 *
 * Years and months have no length of their own, so they are refused.
 * Source: ISO 8601, time intervals; Azure Monitor documentation, "Query the Log Analytics API", timespan.
 */
export function parseInterval(text: string, now: bigint): TimeRange {
  const [first = '', second, ...more] = text.split('/');
  if (more.length > 0) throw badInterval();
  if (second === undefined) return rangeOf(now - durationOf(first), now);
  if (first.startsWith('P')) {
    const to = instantOf(second);
    return rangeOf(to - durationOf(first), to);
  }
  const from = instantOf(first);
  return rangeOf(from, second.startsWith('P') ? from + durationOf(second) : instantOf(second));
}

function rangeOf(from: bigint, to: bigint): TimeRange {
  if (from > to) throw badInterval();
  return { from: from < MIN_TICKS ? MIN_TICKS : from, to: to > MAX_TICKS ? MAX_TICKS : to };
}

function instantOf(text: string): bigint {
  const ticks = parseDatetime(text);
  if (ticks === undefined) throw badInterval();
  return ticks;
}

const DURATION =
  /^P(?:(\d{1,6})W|(?:(\d{1,6})D)?(?:T(?:(\d{1,8})H)?(?:(\d{1,10})M)?(?:(\d{1,12})(?:\.(\d{1,7}))?S)?)?)$/;

/** 100 ns ticks. */
function durationOf(text: string): bigint {
  const match = DURATION.exec(text);
  if (!match || /[PT]$/.test(text)) throw badInterval();
  const [, weeks = '0', days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] =
    match;
  const wholeDays = BigInt(weeks) * 7n + BigInt(days);
  const wholeMinutes = (wholeDays * 24n + BigInt(hours)) * 60n + BigInt(minutes);
  return (wholeMinutes * 60n + BigInt(seconds)) * 10_000_000n + BigInt(fraction.padEnd(7, '0'));
}

function badInterval(): HttpError {
  const message =
    'the time range must be an ISO 8601 duration without years and months, such as P7D or PT12H, or START/END with dates or one duration';
  return new HttpError(400, { code: 'bad-time-range', message });
}
