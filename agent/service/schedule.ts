import { createHash } from 'node:crypto';

/** When sweeps are to start. Durations in milliseconds. */
export interface Schedule {
  readonly everyMs: number;
  readonly jitterMs: number;
  /** Local time of day, `HH:MM`; `everyMs` is then whole days. */
  readonly at?: string | undefined;
}

/** What the next start depends on, all in milliseconds since 1970. */
export interface SweepTimes {
  readonly nowMs: number;
  /** When this process began to wait for sweeps. */
  readonly beganMs: number;
  /** When the last sweep that ran to its end began; undefined where none is known. */
  readonly lastStartMs?: number | undefined;
}

const DAY = 86_400_000;
/** What is overdue starts within this: a host that is only up for minutes must come to it, a thousand at once must not. */
const OVERDUE_SPREAD = 5 * 60_000;

/**
 * When the next sweep is due; in the past where it is overdue. Wall-clock time throughout: a host that slept is late, not
 * off its hour. A last sweep that lies in the future by half an interval was timed by a clock that was wrong: it is not believed.
 */
export function nextSweep(schedule: Schedule, deviceId: string, times: SweepTimes): number {
  const { everyMs, jitterMs, at } = schedule;
  const share = deviceShare(deviceId);
  const { nowMs, beganMs } = times;
  const last =
    times.lastStartMs !== undefined && times.lastStartMs <= nowMs + everyMs / 2
      ? times.lastStartMs
      : undefined;
  const due =
    at === undefined
      ? last === undefined
        ? beganMs + share * jitterMs
        : last + everyMs
      : slotAfter(last ?? beganMs, at, share * jitterMs, last === undefined ? DAY : everyMs);
  const wasOverdue = last !== undefined && due < beganMs;
  return wasOverdue ? beganMs + share * Math.min(jitterMs, OVERDUE_SPREAD) : due;
}

/** From 0 to 1, the same for one device for ever, spread evenly over many. */
export function deviceShare(deviceId: string): number {
  const digest = createHash('sha256').update('certsweep schedule 1\n').update(deviceId).digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

/**
 * The first slot that lies after `afterMs` by more than `everyMs` less one day: a slot that was used late still leaves the next
 * one. In the hour that a change to summer time leaves out, the slot is as much later.
 */
function slotAfter(afterMs: number, at: string, offsetMs: number, everyMs: number): number {
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  const earliest = afterMs + everyMs - DAY;
  const day = new Date(earliest);
  for (let ahead = -1; ; ahead++) {
    const slot = new Date(day.getFullYear(), day.getMonth(), day.getDate() + ahead, hour, minute);
    const due = slot.getTime() + offsetMs;
    if (due > earliest || ahead > 2) return due;
  }
}
