import { ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import type { FindingRange } from '../findings/finding-rule.ts';

const MINUTE_MS = 60_000;

/** What a rule's first run looks at, by when it was received: five days, the window of the hunting queries. */
export const FIRST_RUN_MS = 5 * 24 * 60 * MINUTE_MS;

/**
 * A batch is stamped when it has come and can be read when it is written, seconds later under load. So much before its mark
 * a run looks again; findings that are known are not told twice.
 */
export const OVERLAP_MS = 10 * MINUTE_MS;

/**
 * What a run at `now` looks at: what was received since the rule's mark, and `OVERLAP_MS` before it. Where the clock was set
 * back the mark lies in the future: then at least the last interval. Milliseconds since 1970.
 */
export function rangeToHunt(
  mark: number | undefined,
  now: number,
  everyMs: number,
): { readonly from: number; readonly to: number } {
  if (mark === undefined) return { from: now - FIRST_RUN_MS, to: now };
  return { from: Math.min(mark, now - everyMs) - OVERLAP_MS, to: now };
}

/**
 * Where a rule stands whose run at `now` failed: where it stood. A mark in the future comes back to the last interval, or each
 * further failure would leave out what came before the last one.
 */
export function markAfterFailure(mark: number | undefined, now: number, everyMs: number): number {
  return mark === undefined ? now - FIRST_RUN_MS : Math.min(mark, now - everyMs);
}

export function toFindingRange(from: number, to: number): FindingRange {
  // The last millisecond wholly: 10,000 ticks.
  return { from: ticksFromUnixMs(from), to: ticksFromUnixMs(to) + 9_999n, by: 'ReceivedTime' };
}
