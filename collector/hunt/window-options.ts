import { parseTimespan } from '../../parsers/kql/literals.ts';
import {
  formatDatetime,
  MAX_TICKS,
  MIN_TICKS,
  parseDatetime,
} from '../../parsers/record/datetime.ts';
import { UsageError } from '../usage-error.ts';
import type { TimeWindow } from './time-ranges.ts';

export interface WindowOptions {
  /** A timespan as KQL writes it, as 5d or 12h: the window ends at now(). */
  readonly window?: string;
  readonly from?: string;
  /** now() where only `from` is given. */
  readonly to?: string;
}

/** The window that the options ask for; undefined where none does. UsageError for what is no time or no range. */
export function readWindow(options: WindowOptions, now: bigint): TimeWindow | undefined {
  const { window, from, to } = options;
  if (window !== undefined) {
    if (from !== undefined || to !== undefined)
      throw new UsageError(
        '--window and --from/--to are two ways to say the same: give one of them',
      );
    return { from: before(now, window), to: now };
  }
  if (from === undefined) {
    if (to === undefined) return undefined;
    throw new UsageError('--to needs --from, as in: --from 2026-06-01 --to 2026-07-01T00:00:00Z');
  }
  const range = { from: instant(from, '--from'), to: to === undefined ? now : endOf(to) };
  if (range.from > range.to)
    throw new UsageError(
      `the window ends before it begins: ${formatDatetime(range.from)} to ${formatDatetime(range.to)}`,
    );
  return range;
}

/** A window in words, in UTC. Both ends belong to it. */
export function windowWords({ from, to }: TimeWindow): string {
  const start = from === MIN_TICKS ? 'the first record' : formatDatetime(from);
  const end = to === MAX_TICKS ? 'the last record' : formatDatetime(to);
  return `${start} to ${end}`;
}

/** The options that ask for `window`. */
export function windowAsOptions({ from, to }: TimeWindow): string {
  return `--from ${formatDatetime(from)} --to ${formatDatetime(to)}`;
}

function before(now: bigint, window: string): bigint {
  const length = parseTimespan(window);
  if (length === undefined || length <= 0n || length > now)
    throw new UsageError(`--window takes a time as 5d, 12h or 90m, not ${window}`);
  return now - length;
}

/** A date alone would end the window where that day begins, which nobody expects. */
function endOf(text: string): bigint {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text))
    throw new UsageError(
      `--to ${text} could be the beginning or the end of that day: write ${text}T00:00:00Z or ${text}T23:59:59.9999999Z`,
    );
  return instant(text, '--to');
}

function instant(text: string, option: string): bigint {
  const ticks = parseDatetime(text);
  if (ticks !== undefined) return ticks;
  throw new UsageError(
    `${option} takes a date and time, as 2026-07-01T00:00:00Z (UTC where it names no zone), not ${text}`,
  );
}
