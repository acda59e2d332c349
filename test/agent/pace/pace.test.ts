import { describe, expect, test } from 'vitest';
import { Pace, type PaceLimits, sharedPace } from '../../../agent/pace/pace.ts';

const MILLISECOND = 1_000_000n;

/** A clock that stands still until it is told: `pass` lets time go by, `work` takes it and CPU time. */
function testClock() {
  let now = 10n ** 12n;
  let cpu = 0n;
  return {
    now: () => now,
    cpu: () => cpu,
    pass: (milliseconds: number) => {
      now += BigInt(milliseconds) * MILLISECOND;
    },
    work: (milliseconds: number) => {
      now += BigInt(milliseconds) * MILLISECOND;
      cpu += BigInt(milliseconds) * MILLISECOND;
    },
  };
}

function paceOf(limits: PaceLimits) {
  const clock = testClock();
  return { pace: new Pace(sharedPace(limits), clock), clock };
}

describe('the limit on reading', () => {
  test('lets half a second of bytes through at once, then asks for the rest of the time', () => {
    const { pace } = paceOf({ bytesPerSecond: 1_000_000 });
    expect(pace.pauseAfter(500_000)).toBe(0);
    expect(pace.pauseAfter(100_000)).toBe(100);
    expect(pace.pauseAfter(100_000)).toBe(200);
  });

  test('is kept over minutes of reading and pausing', () => {
    const { pace, clock } = paceOf({ bytesPerSecond: 1_000_000 });
    const start = clock.now();
    for (let read = 0; read < 1000; read++) clock.pass(pace.pauseAfter(300_000));
    expect(Number((clock.now() - start) / MILLISECOND)).toBeGreaterThan(299_000);
    expect(Number((clock.now() - start) / MILLISECOND)).toBeLessThan(300_100);
  });

  test('counts what all threads read together', () => {
    const clock = testClock();
    const settings = sharedPace({ bytesPerSecond: 1_000_000 });
    const [one, two] = [new Pace(settings, clock), new Pace(settings, clock)];
    expect(one.pauseAfter(500_000)).toBe(0);
    expect(two.pauseAfter(300_000)).toBe(300);
    expect(one.pauseAfter(300_000)).toBe(600);
  });

  test('saves up no more than half a second while nothing is read', () => {
    const { pace, clock } = paceOf({ bytesPerSecond: 1_000_000 });
    pace.pauseAfter(500_000);
    clock.pass(3_600_000);
    expect(pace.pauseAfter(700_000)).toBe(200);
  });

  test('pauses for no debt that a timer cannot measure, and forgets none', () => {
    const { pace } = paceOf({ bytesPerSecond: 1_000_000 });
    pace.pauseAfter(500_000);
    expect(Array.from({ length: 4 }, () => pace.pauseAfter(2000))).toEqual([0, 0, 6, 8]);
  });
});

describe('the limit on CPU time', () => {
  test.each([
    { percent: 50, pause: 100 },
    { percent: 20, pause: 400 },
    { percent: 100, pause: 0 },
  ])('asks for $pause ms after 100 ms of work at $percent percent', ({ percent, pause }) => {
    const { pace, clock } = paceOf({ cpuShare: percent / 100 });
    clock.work(100);
    expect(pace.pauseAfter(0)).toBe(pause);
    clock.pass(pause);
    expect(pace.pauseAfter(0)).toBe(0);
  });

  test('takes no idle time as saved up', () => {
    const { pace, clock } = paceOf({ cpuShare: 0.5 });
    clock.pass(60_000);
    expect(pace.pauseAfter(0)).toBe(0);
    clock.work(100);
    expect(pace.pauseAfter(0)).toBe(100);
  });

  test('and the other: the longer pause keeps both', () => {
    const { pace, clock } = paceOf({ cpuShare: 0.5, bytesPerSecond: 1_000_000 });
    clock.work(100);
    expect(pace.pauseAfter(800_000)).toBe(300);
  });
});

test('without limits there is no pause', () => {
  const { pace, clock } = paceOf({});
  clock.work(10_000);
  expect(pace.pauseAfter(1e9)).toBe(0);
});
