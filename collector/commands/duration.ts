import { UsageError } from '../usage-error.ts';

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const DAY_MS = 86_400_000;

/** `30m`, `12h` or `7d` in milliseconds, at most `maxDays`. `option` is named in the error. */
export function parseDuration(text: string, option: string, maxDays = 30): number {
  const [, digits, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const duration = Number(digits) * (UNIT_MS[unit ?? ''] ?? Number.NaN);
  if (duration > 0 && duration <= maxDays * DAY_MS) return duration;
  throw new UsageError(
    `${option} takes a time of at most ${maxDays} days, as 30m, 12h or 7d, not ${text}`,
  );
}
