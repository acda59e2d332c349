import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Doors } from '../../../collector/doors/doors.ts';
import { tokenState } from '../../../collector/doors/token-row.ts';
import { temporaryFolder } from '../collector-process.ts';

const HOUR = 3_600_000;
const DEVICE = 'a'.repeat(40);

const { folder, remove } = temporaryFolder();
afterAll(remove);

let count = 0;
let now: number;
let doors: Doors;

beforeEach(() => {
  now = Date.UTC(2026, 6, 1);
  count += 1;
  doors = new Doors(path.join(folder, String(count)), () => now);
});

afterEach(() => doors.close());

function addKey(mayReplace = false): string {
  return doors.add({ kind: 'key', usesLeft: 1, mayReplace, expiresTime: now + HOUR });
}

/** The outcome of an enrolment: the token, or why there is none. */
function enrol(keyText: string, deviceId: string): string {
  const key = doors.find(keyText);
  if (!key) return 'unknown key';
  const result = doors.enrol(key, deviceId, 'host');
  return result.kind === 'enrolled' ? result.token : result.kind;
}

describe('a rotated token', () => {
  const idOf = (text: string) => text.split('_')[2] ?? '';
  const rotate = (text: string, overlap = HOUR) => {
    const result = doors.rotate(idOf(text), overlap);
    if (result.kind !== 'rotated') throw new Error(JSON.stringify(result));
    return result.token;
  };

  test('has the device of the one before, which is good for the overlap and no longer', () => {
    const first = doors.add({ kind: 'device', deviceId: DEVICE, name: 'host' });
    const second = rotate(first);
    expect(doors.find(second)).toMatchObject({ deviceId: DEVICE, name: 'host', expiresTime: null });
    now += HOUR - 1;
    expect(doors.find(first)).toMatchObject({ deviceId: DEVICE, replacedBy: idOf(second) });
    expect(doors.list().map((token) => tokenState(token, now))).toContain('replaced');
    now += 1;
    expect(doors.find(first)).toBeUndefined();
    expect(doors.find(second)).toBeDefined();
  });

  test('rotated again ends the first at once, so that at most two are good', () => {
    const first = doors.add({ kind: 'device', deviceId: DEVICE });
    const second = rotate(first);
    now += 1;
    const third = rotate(second);
    expect([first, second, third].map((text) => doors.find(text) !== undefined)).toEqual([
      ...[false, true, true],
    ]);
  });

  test('that is revoked takes with it the one that it replaced', () => {
    const first = doors.add({ kind: 'reader', name: 'soc' });
    const second = rotate(first);
    expect(doors.revoke(idOf(second))).toBe(true);
    expect(doors.find(first)).toBeUndefined();
    expect(doors.find(second)).toBeUndefined();
  });

  test('lives as long as the one before was made for', () => {
    const first = doors.add({ kind: 'reader', name: 'soc', expiresTime: now + 4 * HOUR });
    now += 3.5 * HOUR;
    const second = rotate(first);
    expect(doors.find(second)?.expiresTime).toBe(now + 4 * HOUR);
    expect(doors.find(first)?.expiresTime).toBe(now + HOUR / 2); // not longer than before
  });

  test('is the device that is enrolled: a key that may replace ends both', () => {
    const first = enrol(addKey(), DEVICE);
    const second = rotate(first);
    expect(enrol(addKey(), DEVICE)).toBe('known-device');
    const third = enrol(addKey(true), DEVICE);
    expect([first, second, third].map((text) => doors.find(text) !== undefined)).toEqual([
      ...[false, false, true],
    ]);
  });

  test('is none of a key, of a token that is over, or of nothing', () => {
    expect(doors.rotate(idOf(addKey()), HOUR)).toMatchObject({ kind: 'not-rotated' });
    const reader = doors.add({ kind: 'reader', name: 'soc', expiresTime: now + HOUR });
    rotate(reader);
    expect(doors.rotate(idOf(reader), HOUR)).toMatchObject({ because: 'the token is replaced' });
    now += HOUR;
    expect(doors.rotate(idOf(reader), HOUR)).toMatchObject({ because: 'the token is expired' });
    expect(doors.rotate('0'.repeat(16), HOUR)).toEqual({ kind: 'unknown' });
  });
});
