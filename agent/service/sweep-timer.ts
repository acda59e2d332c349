import { setTimeout as pause } from 'node:timers/promises';
import { nextSweep, type Schedule } from './schedule.ts';

/** Time as the service sees it; tests have one that jumps. Milliseconds. */
export interface Clock {
  /** Since 1970; may jump either way. */
  now(): number;
  /** Never goes back; may stand still while the host sleeps. */
  elapsed(): number;
  /** Ends early, without an error, when `signal` is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await pause(ms, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};

/** A timer counts the time a host is awake, and no jump of the clock: it is looked at this often. */
const LOOK_EVERY = 60_000;
/** Whatever the clock says, two sweeps of one process begin no closer than this or half an interval. */
const CLOSEST = 3_600_000;

/** Says when a process is to sweep. A clock that jumps, either way and by years, neither skips a sweep nor heaps them up. */
export class SweepTimer {
  readonly #schedule: Schedule;
  readonly #deviceId: string;
  readonly #clock: Clock;
  #beganMs: number;
  /** In elapsed time. */
  #notBefore: number;

  constructor(schedule: Schedule, deviceId: string, clock: Clock) {
    this.#schedule = schedule;
    this.#deviceId = deviceId;
    this.#clock = clock;
    this.#beganMs = clock.now();
    this.#notBefore = clock.elapsed();
  }

  /** When the next sweep may begin, in milliseconds since 1970. `lastStartMs` is of the last one that ran to its end. */
  dueMs(lastStartMs: number | undefined): number {
    const nowMs = this.#clock.now();
    this.#beganMs = Math.min(this.#beganMs, nowMs); // this process cannot have begun in the future
    const times = { nowMs, beganMs: this.#beganMs, lastStartMs };
    const allowed = nowMs + this.#notBefore - this.#clock.elapsed();
    return Math.max(allowed, nextSweep(this.#schedule, this.#deviceId, times));
  }

  /** Resolves when the next sweep may begin, or `signal` is aborted. */
  async wait(lastStartMs: number | undefined, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const left = this.dueMs(lastStartMs) - this.#clock.now();
      if (left <= 0) return;
      await this.#clock.sleep(Math.min(left, LOOK_EVERY), signal);
    }
  }

  /** A sweep begins now, or has failed now: the next one is at least `pauseMs` away. */
  started(pauseMs = Math.min(CLOSEST, this.#schedule.everyMs / 2)): void {
    this.#notBefore = this.#clock.elapsed() + pauseMs;
  }
}
