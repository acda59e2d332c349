import type { Stats } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  fromKey,
  isRacy,
  joinPath,
  rereadDue,
  splitPath,
  toKey,
} from '../../../agent/state/fingerprint.ts';

const READ = Date.UTC(2026, 0, 1);
/** Milliseconds since 1970 of a time `ms` before the reading, with `ns` on top. */
const msBefore = (ms: number, ns = 0) => READ - ms + ns / 1_000_000;

describe('a fingerprint is not to be trusted where', () => {
  const old = msBefore(86_400_000, 123_456);
  test.each([
    { name: 'the file changed just before', ctime: msBefore(100, 1000), mtime: old, racy: true },
    { name: 'it changed while it was read', ctime: msBefore(-50, 1000), mtime: old, racy: true },
    { name: 'it changed in the future', ctime: msBefore(-1e9, 1000), mtime: old, racy: true },
    { name: 'it was written just before', ctime: old, mtime: msBefore(100, 1000), racy: true },
    { name: 'times are whole seconds', ctime: msBefore(1900), mtime: old, racy: true },
    {
      name: 'but not where it changed a second ago',
      ctime: msBefore(1000, 1000),
      mtime: old,
      racy: false,
    },
    { name: 'nor with whole seconds three ago', ctime: msBefore(3000), mtime: old, racy: false },
    {
      name: 'nor for a date far in the future',
      ctime: old,
      mtime: msBefore(-1e9, 1000),
      racy: false,
    },
  ])('$name', ({ ctime, mtime, racy }) => {
    expect(isRacy({ ctimeMs: ctime, mtimeMs: mtime } as Stats, READ)).toBe(racy);
  });
});

test('files are read again 20 to 30 days later, spread by their names', () => {
  const days = [...Array(1000).keys()].map(
    (n) => (rereadDue(READ, `/a/${n}`) - READ / 1000) / 86_400,
  );
  expect(Math.min(...days)).toBeGreaterThanOrEqual(20);
  expect(Math.max(...days)).toBeLessThanOrEqual(30);
  for (let day = 20; day < 30; day++)
    expect(days.filter((due) => due >= day && due < day + 1).length).toBeGreaterThan(50);
});

test.each([
  { name: 'a file', file: ['', 'etc', 'hosts'], folder: ['', 'etc'], last: 'hosts' },
  { name: 'one in the root', file: ['', 'vmlinuz'], folder: [''], last: 'vmlinuz' },
])('$name is taken apart and put together again', ({ file, folder, last }) => {
  const whole = file.join(path.sep);
  expect(splitPath(whole)).toEqual({ folder: folder.join(path.sep), name: last });
  expect(joinPath(splitPath(whole))).toBe(whole);
});

test.each(['plain', 'Überwachung', '\u{1f600}', 'not utf-8 \udcff', '\ud800 lone'])(
  'the name %j comes back from its key',
  (name) => {
    expect(fromKey(toKey(name))).toBe(name);
    expect(typeof toKey(name)).toBe(name.isWellFormed() ? 'string' : 'object');
  },
);
