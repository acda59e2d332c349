import { expect, test } from 'vitest';
import { findStale, type Held } from '../../../collector/devices/stale.ts';

const HOUR = 3600n * 10_000_000n;
const DAY = 24n * HOUR;

/** `count` devices with one value, named after it. */
function devices(value: string, count: number, values: Partial<Held> = {}): Held[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ deviceId: `${value}${index}`, value, group: '', silent: false },
    ...values,
  }));
}

test.each([
  {
    name: 'who has other rules than most',
    held: [...devices('usual', 3), ...devices('other', 1)],
    seen: { usual: 0n, other: 0n },
    stale: ['other0'],
  },
  {
    name: 'nobody where all have the same',
    held: devices('usual', 3),
    seen: { usual: 0n },
    stale: [],
  },
  {
    name: 'not who has rules that came a day later: they are new',
    held: [...devices('usual', 3), ...devices('new', 1)],
    seen: { usual: 0n, new: DAY },
    stale: [],
  },
  {
    name: 'who has rules that came less than a day later',
    held: [...devices('usual', 3), ...devices('other', 1)],
    seen: { usual: 0n, other: DAY - 1n },
    stale: ['other0'],
  },
  {
    name: 'who kept the old ones when most have the new ones',
    held: [...devices('old', 1), ...devices('new', 2)],
    seen: { old: 0n, new: 9n * DAY },
    stale: ['old0'],
  },
  {
    name: 'who kept the old ones when as many have the new ones',
    held: [...devices('new', 2), ...devices('old', 2)],
    seen: { old: 0n, new: 9n * DAY },
    stale: ['old0', 'old1'],
  },
  {
    name: 'nobody where each device has its own',
    held: [...devices('a', 1), ...devices('b', 1), ...devices('c', 1)],
    seen: { a: 0n, b: 0n, c: 0n },
    stale: [],
  },
  {
    name: 'by what devices have that are not silent, the silent ones included',
    held: [...devices('old', 5, { silent: true }), ...devices('new', 2)],
    seen: { old: 0n, new: 9n * DAY },
    stale: ['old0', 'old1', 'old2', 'old3', 'old4'],
  },
  {
    name: 'within a group only',
    held: [
      ...devices('windows', 3, { group: 'windows' }),
      ...devices('bundle', 2, { group: 'roots:/etc' }),
      ...devices('odd', 1, { group: 'roots:/etc' }),
    ],
    seen: { windows: 0n, bundle: 0n, odd: 0n },
    stale: ['odd0'],
  },
  {
    name: 'not who tells nothing',
    held: [...devices('usual', 3), ...devices('', 2)],
    seen: { usual: 0n },
    stale: [],
  },
])('stale is $name', ({ held, seen, stale }) => {
  const firstSeen = new Map(Object.entries(seen));
  expect([...findStale(held, firstSeen)].sort()).toEqual(stale);
  expect([...findStale([...held].reverse(), firstSeen)].sort()).toEqual(stale);
});
