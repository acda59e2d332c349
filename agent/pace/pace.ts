/** What a sweep may take from the machine. */
export interface PaceLimits {
  /** Of file content, all threads together; undefined: no limit. */
  readonly bytesPerSecond?: number | undefined;
  /** Of one core, each thread for itself, above 0 and at most 1; undefined: no limit. */
  readonly cpuShare?: number | undefined;
}

/** Limits, and what the threads share to keep them. */
export interface PaceSettings extends PaceLimits {
  /** One element: the time, in nanoseconds of process.hrtime, at which what was read so far has been paid for. */
  readonly paidUntil: BigInt64Array<SharedArrayBuffer>;
}

/** Time and CPU time, both in nanoseconds; tests have their own. */
export interface PaceClock {
  now(): bigint;
  /** Of the calling thread. */
  cpu(): bigint;
}

const NANOSECONDS = 1e9;
const MILLISECOND = 1_000_000n;
/** Nanoseconds that may be saved up where nothing was read for a while: half a second's worth of bytes at once. */
const MOST_SAVED = 500n * MILLISECOND;
/** Shorter debts are left to grow: timers are not finer. */
const SHORTEST_PAUSE = 5n * MILLISECOND;

export const threadClock: PaceClock = {
  now: () => process.hrtime.bigint(),
  cpu: () => {
    const { user, system } = process.threadCpuUsage();
    return BigInt(user + system) * 1000n;
  },
};

export function sharedPace(limits: PaceLimits): PaceSettings {
  return { ...limits, paidUntil: new BigInt64Array(new SharedArrayBuffer(8)) };
}

/**
 * One thread's part in keeping the limits. It says how long to pause; who asks does so. A read is paid for after it was done, so
 * at most one piece a thread, and half a second's worth, is ever ahead of the limit.
 */
export class Pace {
  readonly #settings: PaceSettings;
  readonly #clock: PaceClock;
  #cpuFrom: bigint;
  #timeFrom: bigint;

  constructor(settings: PaceSettings, clock: PaceClock = threadClock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#cpuFrom = clock.cpu();
    this.#timeFrom = clock.now();
  }

  /** Milliseconds to pause after `bytes` were read, and after the work since the last time this was asked. */
  pauseAfter(bytes: number): number {
    const now = this.#clock.now();
    const bytesDebt = this.#pay(bytes, now);
    const cpuDebt = this.#cpuDebt(now);
    const debt = bytesDebt > cpuDebt ? bytesDebt : cpuDebt;
    return debt < SHORTEST_PAUSE ? 0 : Number(debt / MILLISECOND);
  }

  /** Each read moves the time at which all is paid for; threads do so one after the other. */
  #pay(bytes: number, now: bigint): bigint {
    const { bytesPerSecond, paidUntil } = this.#settings;
    if (bytesPerSecond === undefined || bytes === 0) return 0n;
    const cost = BigInt(Math.ceil((bytes / bytesPerSecond) * NANOSECONDS));
    for (;;) {
      const before = Atomics.load(paidUntil, 0);
      const from = before > now - MOST_SAVED ? before : now - MOST_SAVED;
      if (Atomics.compareExchange(paidUntil, 0, before, from + cost) === before)
        return from + cost - now;
    }
  }

  #cpuDebt(now: bigint): bigint {
    const { cpuShare } = this.#settings;
    if (cpuShare === undefined) return 0n;
    const cpu = this.#clock.cpu();
    const wanted = BigInt(Math.ceil(Number(cpu - this.#cpuFrom) / cpuShare));
    const debt = wanted - (now - this.#timeFrom);
    if (debt < 0n) {
      // Time that passed without work is not saved up.
      this.#cpuFrom = cpu;
      this.#timeFrom = now;
    }
    return debt;
  }
}
