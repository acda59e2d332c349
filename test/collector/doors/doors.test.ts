import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { auditLine } from '../../../collector/doors/audit-event.ts';
import { Doorkeeper } from '../../../collector/doors/doorkeeper.ts';
import { Doors } from '../../../collector/doors/doors.ts';
import { tokenState } from '../../../collector/doors/token-row.ts';
import { temporaryFolder } from '../collector-process.ts';

if (process.platform === 'win32')
  console.warn('certsweep: file modes of tokens cannot be tested on Windows: LEFT OUT');

const HOUR = 3_600_000;
const DEVICE = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);

const { folder, remove } = temporaryFolder();
afterAll(remove);

let count = 0;
let now: number;
let data: string;
let doors: Doors;

beforeEach(() => {
  now = Date.UTC(2026, 6, 1);
  count += 1;
  data = path.join(folder, String(count));
  doors = new Doors(data, () => now);
});

afterEach(() => doors.close());

function addKey(usesLeft: number, mayReplace = false): string {
  return doors.add({ kind: 'key', usesLeft, mayReplace, expiresTime: now + HOUR });
}

/** The outcome of an enrolment: the token, or why there is none. */
function enrol(keyText: string, deviceId: string): string {
  const key = doors.find(keyText);
  if (!key) return 'unknown key';
  const result = doors.enrol(key, deviceId, 'host');
  return result.kind === 'enrolled' ? result.token : result.kind;
}

describe('a token', () => {
  test('names its kind, and is found by its whole text only', () => {
    const text = doors.add({ kind: 'device', deviceId: DEVICE, name: 'host' });
    expect(text).toMatch(/^csw_d_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    expect(doors.find(text)).toMatchObject({ kind: 'device', deviceId: DEVICE, name: 'host' });
    const changed = text.slice(0, -5) + (text.at(-5) === 'A' ? 'B' : 'A') + text.slice(-4);
    for (const wrong of [changed, text.slice(0, -1), `${text}x`, text.replace('_d_', '_r_'), ''])
      expect(doors.find(wrong), wrong).toBeUndefined();
    expect(doors.add({ kind: 'reader' })).toMatch(/^csw_r_/);
    expect(doors.add({ kind: 'operator' })).toMatch(/^csw_o_/);
    expect(addKey(1)).toMatch(/^csw_k_/);
  });

  test('is on the disk as a hash only', () => {
    const text = doors.add({ kind: 'reader', name: 'soc' });
    const secret = text.split('_').slice(3).join('_');
    for (const name of readdirSync(data)) {
      const bytes = readFileSync(path.join(data, name));
      expect([name, bytes.includes(secret)]).toEqual([name, false]);
    }
  });

  test.skipIf(process.platform === 'win32')(
    'is kept in files of their owner, and not in one that others can write',
    () => {
      doors.add({ kind: 'reader', name: 'soc' });
      const files = readdirSync(data);
      expect(files).toContain('doors.sqlite-wal');
      for (const name of files)
        expect([name, statSync(path.join(data, name)).mode & 0o777]).toEqual([name, 0o600]);
      chmodSync(path.join(data, 'doors.sqlite'), 0o620);
      expect(() => new Doors(data, () => now)).toThrow('others can write to');
      chmodSync(path.join(data, 'doors.sqlite'), 0o600);
      chmodSync(data, 0o777);
      expect(() => new Doors(data, () => now)).toThrow('everybody can write to');
    },
  );

  test('that was revoked is not found again, not even by a process that knew it', () => {
    const text = doors.add({ kind: 'reader', name: 'soc' });
    const id = doors.find(text)?.id ?? '';
    const beside = new Doors(data, () => now);
    expect(beside.revoke(id)).toBe(true);
    expect(beside.revoke('0'.repeat(16))).toBe(false);
    beside.close();
    expect(doors.find(text)).toBeUndefined();
    expect(doors.list().map((token) => tokenState(token, now))).toEqual(['revoked']);
  });
});

describe('an enrolment key', () => {
  test('enrols as many devices as it has uses', () => {
    const key = addKey(2);
    expect(enrol(key, DEVICE)).toMatch(/^csw_d_/);
    expect(enrol(key, OTHER)).toMatch(/^csw_d_/);
    expect(enrol(key, 'c'.repeat(40))).toBe('used-up');
    expect(doors.list().map((token) => [token.kind, tokenState(token, now)])).toEqual(
      expect.arrayContaining([
        ['key', 'used up'],
        ['device', 'active'],
        ['device', 'active'],
      ]),
    );
  });

  test('is over when its time is', () => {
    const key = addKey(1);
    now += HOUR - 1;
    expect(doors.find(key)).toBeDefined();
    now += 1;
    expect(enrol(key, DEVICE)).toBe('unknown key');
  });

  test('does not take over a device that has a token, or that lost it by revocation', () => {
    const first = enrol(addKey(1), DEVICE);
    const key = addKey(5);
    expect(enrol(key, DEVICE)).toBe('known-device');
    doors.revoke(doors.find(first)?.id ?? '');
    expect(enrol(key, DEVICE)).toBe('known-device');
    expect(enrol(key, OTHER)).toMatch(/^csw_d_/);
    expect(doors.find(key)?.usesLeft).toBe(4); // a refusal costs no use
  });

  test('that may replace gives a new token and ends the one before', () => {
    const first = enrol(addKey(1), DEVICE);
    const second = enrol(addKey(1, true), DEVICE);
    expect(doors.find(first)).toBeUndefined();
    expect(doors.find(second)).toMatchObject({ deviceId: DEVICE });
  });

  test('answers again where the answer was lost, until the token has been used', () => {
    const key = addKey(1);
    const lost = enrol(key, DEVICE);
    const second = enrol(key, DEVICE);
    expect(second).toMatch(/^csw_d_/);
    expect(doors.find(lost)).toBeUndefined();
    const token = doors.find(second);
    if (token) doors.markUsed(token);
    expect(enrol(key, DEVICE)).toBe('used-up');
    expect(doors.find(second)).toMatchObject({ firstUsedTime: now });
  });
});

describe('the doorkeeper', () => {
  const lines: string[] = [];
  const keeper = (required: boolean) =>
    new Doorkeeper({
      doors,
      required,
      clock: () => now,
      audit: (event) => lines.push(auditLine(event)),
    });
  const caller = (authorization?: string, ip = '192.0.2.1') => ({
    ...{ headers: { authorization }, ip, method: 'POST', url: '/v1/query?x=secret' },
  });

  beforeEach(() => {
    lines.length = 0;
  });

  test('lets callers without a token through only where none is required, and never to enrol', () => {
    expect(keeper(false).admit(caller(), 'device')).toBeUndefined();
    expect(() => keeper(false).demand(caller(), 'key')).toThrow('needs an enrolment key');
    expect(() => keeper(true).admit(caller(), 'device')).toThrow("needs a device's token");
  });

  test.each([
    { name: 'an unknown token', sent: 'Bearer nonsense', status: 401 },
    { name: 'another scheme', sent: 'Basic dXNlcjpwYXNz', status: 401 },
    { name: 'nothing', sent: '', status: 401 },
  ])('refuses $name where none is required, too', ({ sent, status }) => {
    expect(() => keeper(false).admit(caller(sent), 'reader')).toThrow(
      expect.objectContaining({ status, body: expect.objectContaining({ code: 'unauthorized' }) }),
    );
  });

  test('refuses a token that opens another door with 403', () => {
    const device = doors.add({ kind: 'device', deviceId: DEVICE });
    expect(() => keeper(true).admit(caller(`Bearer ${device}`), 'reader')).toThrow(
      expect.objectContaining({
        status: 403,
        body: expect.objectContaining({ code: 'wrong-token' }),
      }),
    );
    expect(keeper(true).admit(caller(`bearer  ${device}`), 'device')).toMatchObject({
      deviceId: DEVICE,
    });
  });

  test('lets an operator in where a reader may go, and a reader not where an operator may', () => {
    const operator = doors.add({ kind: 'operator', name: 'lead' });
    const reader = doors.add({ kind: 'reader', name: 'soc' });
    expect(keeper(true).admit(caller(`Bearer ${operator}`), 'reader')).toMatchObject({
      kind: 'operator',
    });
    expect(keeper(true).demand(caller(`Bearer ${operator}`), 'operator')).toMatchObject({
      name: 'lead',
    });
    for (const [token, kind] of [
      [reader, 'operator'],
      [operator, 'device'],
      [operator, 'key'],
    ] as const)
      expect(() => keeper(true).demand(caller(`Bearer ${token}`), kind)).toThrow(
        expect.objectContaining({ status: 403 }),
      );
  });

  test('answers 429 after many refusals of one address, but takes its good tokens, and logs only the first', () => {
    const door = keeper(true);
    const statusOf = (ip: string) => {
      try {
        door.admit(caller('Bearer nonsense', ip), 'reader');
        return 200;
      } catch (error) {
        return (error as { status: number }).status;
      }
    };
    const answers = Array.from({ length: 35 }, () => statusOf('192.0.2.1'));
    expect(answers).toEqual([...Array(30).fill(401), ...Array(5).fill(429)]);
    expect(lines).toHaveLength(30);
    expect(lines[0]).toBe(
      "2026-07-01T00:00:00.000Z 192.0.2.1 refused POST /v1/query: the reader's token is unknown, expired or revoked: " +
        'ask for a new one, made with certsweep-collector enroll --reader',
    );
    expect(lines[29]).toContain('further ones are not logged for a minute');
    expect(statusOf('192.0.2.2')).toBe(401);
    const good = doors.add({ kind: 'reader', name: 'soc' });
    expect(door.admit(caller(`Bearer ${good}`), 'reader')).toMatchObject({ name: 'soc' });
    now += 60_000;
    expect(statusOf('192.0.2.1')).toBe(401);
  });

  test('counts the addresses of one IPv6 network together', () => {
    const door = keeper(true);
    const refuse = (ip: string) => {
      try {
        door.admit(caller('Bearer nonsense', ip), 'reader');
      } catch (error) {
        return (error as { status: number }).status;
      }
      return 200;
    };
    for (let host = 1; host <= 30; host += 1) refuse(`2001:db8:0:1::${host.toString(16)}`);
    expect(refuse('2001:db8::1:ffff:0:0:1')).toBe(429);
    expect(refuse('2001:db8:0:2::1')).toBe(401);
  });
});
