import type { SweepState } from './sweep-state.ts';

/** What a sweep does with what earlier ones left. */
export interface RescanSettings {
  readonly state: SweepState;
  /** Whether records of files that did not change are left out, but for flagged ones and those that are due. */
  readonly changedOnly: boolean;
  /** Records left out are due again after this time. */
  readonly resendDays: number;
}

/** Below the 5 days that hunting queries look back. */
export const DEFAULT_RESEND_DAYS = 4;

const DAY = 24 * 60 * 60 * 1000;

/**
 * Whether a file that did not change is reported again. What is flagged is, at every sweep: a hunting query counts the last
 * few days only. A time in the future is none to rely on.
 */
export function isDueAgain(
  { flagged, reportedMs }: { readonly flagged: boolean; readonly reportedMs: number },
  { changedOnly, resendDays }: Pick<RescanSettings, 'changedOnly' | 'resendDays'>,
  nowMs: number,
): boolean {
  if (flagged || !changedOnly) return true;
  return Math.abs(nowMs - reportedMs) >= resendDays * DAY;
}
