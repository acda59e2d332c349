import { describe, expect, test } from 'vitest';
import { deviceShare, nextSweep, type Schedule } from '../../../agent/service/schedule.ts';
import { type Clock, SweepTimer } from '../../../agent/service/sweep-timer.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DEVICE = 'ab'.repeat(20);
const share = deviceShare(DEVICE);
const daily: Schedule = { everyMs: DAY, jitterMs: 30 * MINUTE };
const began = Date.UTC(2026, 4, 4, 12);

describe('the next sweep is due', () => {
  test.each([
    { name: 'after the jitter where none is known', last: undefined, due: share * 30 * MINUTE },
    { name: 'an interval after the start of the last', last: -HOUR, due: 23 * HOUR },
    {
      name: 'soon where it is overdue at the start',
      last: -3 * DAY,
      due: share * 5 * MINUTE,
    },
    {
      name: 'after the jitter where the last one lies in a future that cannot be',
      last: 20 * DAY,
      due: share * 30 * MINUTE,
    },
    { name: 'an interval after one that lies a little ahead', last: HOUR, due: DAY + HOUR },
  ])('$name', ({ last, due }) => {
    const lastStartMs = last === undefined ? undefined : began + last;
    const times = { nowMs: began, beganMs: began, lastStartMs };
    expect(nextSweep(daily, DEVICE, times) - began).toBeCloseTo(due, 3);
  });

  test('in the past where its time came while the process was there, as after a sleep', () => {
    const times = { nowMs: began + 10 * DAY, beganMs: began, lastStartMs: began + HOUR };
    expect(nextSweep(daily, DEVICE, times)).toBe(began + HOUR + DAY);
  });
});

describe('with a time of day the next sweep is due', () => {
  const nightly: Schedule = { ...daily, at: '02:00' };
  const local = (day: number, hour: number, minute = 0) => {
    return new Date(2026, 4, day, hour, minute).getTime();
  };
  const offset = share * 30 * MINUTE;

  test.each([
    {
      name: 'in the next night where none is known',
      now: local(4, 12),
      last: undefined,
      due: local(5, 2),
    },
    {
      name: 'tonight where it is not two yet',
      now: local(4, 1),
      last: undefined,
      due: local(4, 2),
    },
    {
      name: 'in the night after the last',
      now: local(4, 12),
      last: local(4, 2) + offset + 5,
      due: local(5, 2),
    },
    {
      name: 'in the next night after one that was late',
      now: local(4, 12),
      last: local(4, 11),
      due: local(5, 2),
    },
  ])('$name', ({ now, last, due }) => {
    const times = { nowMs: now, beganMs: now, lastStartMs: last };
    expect(nextSweep(nightly, DEVICE, times)).toBeCloseTo(due + offset, 3);
  });

  test('every third night where it is to', () => {
    const schedule = { ...nightly, everyMs: 3 * DAY };
    const now = local(4, 12);
    const times = { nowMs: now, beganMs: now, lastStartMs: local(4, 2) + offset + 5 };
    expect(nextSweep(schedule, DEVICE, times)).toBeCloseTo(local(7, 2) + offset, 3);
  });

  test('soon where it is overdue at the start', () => {
    const now = local(9, 12);
    const times = { nowMs: now, beganMs: now, lastStartMs: local(4, 2) };
    expect(nextSweep(nightly, DEVICE, times)).toBeCloseTo(now + share * 5 * MINUTE, 3);
  });
});

test('a fleet spreads evenly, and each device keeps its place', () => {
  const tenths = new Array<number>(10).fill(0);
  for (let index = 0; index < 1000; index++) {
    const place = Math.floor(deviceShare(index.toString(16).padStart(40, '0')) * 10);
    tenths[place] = (tenths[place] ?? 0) + 1;
  }
  for (const count of tenths) expect(count).toBeGreaterThan(60);
  expect(deviceShare(DEVICE)).toBe(deviceShare(DEVICE));
  expect(deviceShare(DEVICE)).toBeCloseTo(0.948, 3);
});

/** A clock whose time passes when somebody sleeps, and which jumps as told: [after so much elapsed time, by so much]. */
class FakeClock implements Clock {
  #elapsed = 0;
  #offset = began;
  readonly #jumps: [number, number][];

  constructor(jumps: readonly [number, number][]) {
    this.#jumps = [...jumps];
  }

  now = () => this.#offset + this.#elapsed;
  elapsed = () => this.#elapsed;
  sleep = async (ms: number) => {
    this.#elapsed += ms;
    while ((this.#jumps[0]?.[0] ?? Number.POSITIVE_INFINITY) <= this.#elapsed)
      this.#offset += this.#jumps.shift()?.[1] ?? 0;
  };
}

/** The elapsed times, in hours, at which sweeps start within `days` of elapsed time. */
async function startsWithin(
  days: number,
  schedule: Schedule,
  jumps: readonly [number, number][],
): Promise<number[]> {
  const clock = new FakeClock(jumps);
  const timer = new SweepTimer(schedule, DEVICE, clock);
  const { signal } = new AbortController();
  const starts: number[] = [];
  let lastStartMs: number | undefined;
  for (;;) {
    await timer.wait(lastStartMs, signal);
    if (clock.elapsed() > days * DAY) return starts;
    starts.push(Math.round((clock.elapsed() / HOUR) * 10) / 10);
    lastStartMs = clock.now();
    timer.started();
  }
}

describe('where the clock', () => {
  test.each([
    { name: 'does not jump', jumps: [], starts: [0, 24, 48, 72] },
    {
      name: 'passes over three days (the host slept), one sweep follows and the next a day later',
      jumps: [[30 * HOUR, 3 * DAY]],
      starts: [0, 24, 30, 54, 78],
    },
    {
      name: 'is put back by two hours, the sweep keeps its hour',
      jumps: [[30 * HOUR, -2 * HOUR]],
      starts: [0, 24, 50, 74],
    },
    {
      name: 'is put back by ten years, one sweep follows and the next a day later',
      jumps: [[30 * HOUR, -3650 * DAY]],
      starts: [0, 24, 30, 54, 78],
    },
    {
      name: 'is wrong by years for five minutes, neither is a sweep left out nor do they pile up',
      jumps: [
        [30 * HOUR, 3650 * DAY],
        [30 * HOUR + 5 * MINUTE, -3650 * DAY],
      ],
      starts: [0, 24, 30, 31, 55, 79],
    },
  ] as { name: string; jumps: [number, number][]; starts: number[] }[])(
    '$name',
    async ({ jumps, starts }) => {
      expect(await startsWithin(3.3, { ...daily, jitterMs: 0 }, jumps)).toEqual(starts);
    },
  );
});

test('a night-time sweep comes once a night through a clock put back by ten years', async () => {
  const nightly = { ...daily, jitterMs: 0, at: '02:00' };
  const starts = await startsWithin(4, nightly, [[30 * HOUR, -3650 * DAY]]);
  expect(starts).toHaveLength(4);
  for (const [index, start] of starts.entries())
    if (index > 0) expect(start - (starts[index - 1] ?? 0)).toBeLessThan(26);
});
