import { appendFileSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { AuditEvent } from '../../../collector/doors/audit-event.ts';
import {
  AUDIT_FILE_BYTES,
  AUDIT_FILES,
  AuditLog,
  auditFile,
} from '../../../collector/doors/audit-log.ts';
import { auditTrail } from '../../../collector/doors/audit-trail.ts';
import { readAudit } from '../../../collector/doors/read-audit.ts';
import { temporaryFolder } from '../collector-process.ts';

if (process.platform === 'win32')
  console.warn('certsweep: the mode of the audit log cannot be tested on Windows: LEFT OUT');

const START = Date.UTC(2026, 6, 1);
const { folder, remove } = temporaryFolder();
afterAll(remove);

let data: string;
let count = 0;

beforeEach(() => {
  count += 1;
  data = path.join(folder, String(count));
  mkdirSync(data);
});

function event(seconds: number, what: string, name: AuditEvent['event'] = 'read'): AuditEvent {
  const time = new Date(START + seconds * 1000).toISOString();
  return { time, event: name, address: '192.0.2.1', what };
}

const sentences = async (since: number, limit: number) =>
  (await readAudit(data, { since, limit })).events.map(({ what }) => what);

test('events of both files come back in the order of their time, the youngest ones of a limit', async () => {
  const log = new AuditLog(data, { rotates: true });
  log.write(event(1, 'one'));
  log.write(event(2, 'two', 'refused'));
  log.write(event(3, 'three'));
  expect(await sentences(0, 10)).toEqual(['one', 'two', 'three']);
  expect(await sentences(START + 2_000, 10)).toEqual(['two', 'three']);
  const excerpt = await readAudit(data, { since: 0, limit: 2 });
  expect(excerpt).toMatchObject({ more: true, unreadable: 0 });
  expect(excerpt.events.map(({ what }) => what)).toEqual(['two', 'three']);
});

test('files are begun anew at their size, a bounded number is kept, and refusals push out no reads', async () => {
  const log = new AuditLog(data, { rotates: true });
  log.write(event(0, 'the one read'));
  const long = 'x'.repeat(AUDIT_FILE_BYTES / 4);
  for (let second = 1; second <= 3 * AUDIT_FILES + 4; second += 1)
    log.write(event(second, `${second} ${long}`, 'refused'));
  const files = readdirSync(data).filter((name) => name.startsWith('refused'));
  expect(files).toHaveLength(AUDIT_FILES);
  for (const name of files)
    expect(statSync(path.join(data, name)).size).toBeLessThanOrEqual(AUDIT_FILE_BYTES);
  const { events, more } = await readAudit(data, { since: 0, limit: 5 });
  expect(more).toBe(true);
  expect(events.map(({ what }) => what.slice(0, 3).trim())).toEqual([
    ...['60', '61', '62', '63', '64'],
  ]);
  expect((await readAudit(data, { since: 0, limit: 100 })).events[0]?.what).toBe('the one read');
});

test('a line that a power cut cut off is counted, and costs only itself and the one after it', async () => {
  const log = new AuditLog(data, { rotates: true });
  log.write(event(1, 'one'));
  appendFileSync(auditFile(data, 'audit', 0), '{"time":"2026-');
  log.write(event(2, 'two'));
  log.write(event(3, 'three'));
  const { events, unreadable } = await readAudit(data, { since: 0, limit: 10 });
  expect([events.map(({ what }) => what), unreadable]).toEqual([['one', 'three'], 1]);
});

test.skipIf(process.platform === 'win32')('only its owner can read it', () => {
  new AuditLog(data, { rotates: true }).write(event(1, 'one'));
  expect(statSync(auditFile(data, 'audit', 0)).mode & 0o777).toBe(0o600);
});

test('an event that cannot be written is told whole in the log, and why once a minute', () => {
  const lines: string[] = [];
  let now = START;
  const trail = auditTrail(
    path.join(data, 'missing'),
    (line) => lines.push(line),
    () => now,
  );
  trail(event(1, 'read 5 rows'));
  trail(event(2, 'revoked token x', 'revoked'));
  expect(lines).toEqual([
    '2026-07-01T00:00:01.000Z 192.0.2.1 read 5 rows',
    expect.stringContaining('the audit log cannot be written, so that events are in this log only'),
    '2026-07-01T00:00:02.000Z 192.0.2.1 revoked token x',
  ]);
  now += 60_000;
  trail(event(3, 'enrolled y', 'enrolled'));
  expect(lines[4]).toContain('ENOENT');
});
