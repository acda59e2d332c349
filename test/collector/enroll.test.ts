import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enroll } from '../../collector/commands/enroll.ts';
import type { AuditEvent } from '../../collector/doors/audit-event.ts';
import { Doors } from '../../collector/doors/doors.ts';
import type { TokenPurpose } from '../../collector/doors/write-token.ts';
import { UsageError } from '../../collector/usage-error.ts';
import { CollectorProcess, newToken, runCollector, temporaryFolder } from './collector-process.ts';
import { ndjson, record, sweep } from './records.ts';

const TABLE = 'AgentFileCertificateInfo';
const DEVICE = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);
const { folder: data, remove } = temporaryFolder();
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** A token made while the collector serves, as `enroll` makes it. */
function addToken(purpose: TokenPurpose): string {
  const doors = new Doors(data, Date.now);
  try {
    return doors.add(purpose);
  } finally {
    doors.close();
  }
}

function addKey(): string {
  return addToken({ kind: 'key', usesLeft: 1, expiresTime: Date.now() + 3_600_000 });
}

const rows = (DeviceId: string, ReportId: number) => ndjson([record({ DeviceId, ReportId })]);

let collector: CollectorProcess;

beforeAll(async () => {
  collector = await CollectorProcess.start(data, ['--require-tokens']);
});

afterAll(async () => {
  expect(await collector.stop()).toBe(0);
  remove();
});

describe('a collector that requires tokens', () => {
  test('serves health to anybody, and nothing else', async () => {
    expect(collector.log).toContain('tokens are required and none has been made yet');
    expect((await fetch(`${collector.url}/healthz`)).status).toBe(200);
    const answer = await fetch(`${collector.url}/v1/tables/${TABLE}/rows`, {
      method: 'POST',
      body: rows(DEVICE, 1),
      headers: { 'content-type': 'application/x-ndjson' },
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="certsweep"');
    expect(await answer.json()).toMatchObject({ error: { code: 'unauthorized' } });
    expect(await collector.query('AgentSweepInfo')).toMatchObject({ status: 401 });
    expect(await collector.enroll('', { deviceId: DEVICE })).toMatchObject({ status: 401 });
  });

  test('takes rows of the device whose token it is, answers readers, and keeps the two apart', async () => {
    const device = await newToken(data, '--device-id', DEVICE, '--device-name', 'host');
    const reader = addToken({ kind: 'reader', name: 'soc' });
    const sent = await collector.postRows(TABLE, rows(DEVICE, 10), bearer(device));
    expect(sent).toMatchObject({ status: 200, json: { stored: 1 } });
    const query = `${TABLE} | where ReportId >= 10 | project ReportId | sort by ReportId asc`;

    const mixed = ndjson([
      record({ DeviceId: DEVICE, ReportId: 11 }),
      record({ DeviceId: OTHER, ReportId: 12 }),
    ]);
    expect(await collector.postRows(TABLE, mixed, bearer(device))).toMatchObject({
      status: 403,
      json: { error: { code: 'wrong-device', message: expect.stringContaining('row 2') } },
    });
    const swept = ndjson([sweep({ DeviceId: OTHER, ScanId: 's' })]);
    expect(await collector.postRows('AgentSweepInfo', swept, bearer(device))).toMatchObject({
      status: 403,
      json: { error: { code: 'wrong-device' } },
    });
    expect(await collector.query(query, undefined, bearer(reader))).toMatchObject({
      status: 200,
      json: { rows: [[10]] },
    });

    expect(await collector.query(query, undefined, bearer(device))).toMatchObject({
      status: 403,
      json: { error: { code: 'wrong-token' } },
    });
    expect(await collector.postRows(TABLE, rows(DEVICE, 13), bearer(reader))).toMatchObject({
      status: 403,
      json: { error: { code: 'wrong-token' } },
    });
  });

  test('refuses a token from the moment it is revoked', async () => {
    const deviceId = 'c'.repeat(40);
    const token = addToken({ kind: 'device', deviceId });
    expect((await collector.postRows(TABLE, rows(deviceId, 1), bearer(token))).status).toBe(200);
    const id = token.split('_')[2] ?? '';
    const ran = await runCollector('enroll', '--data', data, '--revoke', id);
    expect(ran).toEqual({ status: 0, stdout: '', stderr: `token ${id} is revoked\n` });
    expect(await collector.postRows(TABLE, rows(deviceId, 2), bearer(token))).toMatchObject({
      status: 401,
      json: { error: { code: 'unauthorized' } },
    });
  });

  test('gives an agent its token for an enrolment key, and says in its log who came', async () => {
    const deviceId = 'd'.repeat(40);
    const key = await newToken(data, '--key');
    const answer = await collector.enroll(key, { deviceId, deviceName: 'evil\u202ehost' });
    expect(answer).toEqual({ status: 200, json: { token: expect.stringMatching(/^csw_d_/) } });
    const { token } = answer.json as { token: string };
    expect((await collector.postRows(TABLE, rows(deviceId, 1), bearer(token))).status).toBe(200);
    expect(await collector.enroll(key, { deviceId: 'e'.repeat(40) })).toMatchObject({
      status: 401,
      json: { error: { code: 'unauthorized', message: expect.stringContaining('used up') } },
    });
    const again = addKey();
    expect(await collector.enroll(again, { deviceId })).toMatchObject({
      status: 409,
      json: { error: { code: 'known-device', message: expect.stringContaining('--replace') } },
    });
    const who = `127.0.0.1 enrolled ${deviceId} (evil\\u{202e}host) with key ${key.split('_')[2]}`;
    expect(collector.log).toContain(JSON.stringify(who).slice(1, -1));
    expect(collector.log).toContain(`refused to enrol ${deviceId} again`);
    for (const secret of [key, token, again]) expect(collector.log).not.toContain(secret.slice(23));
  });

  test('lets two requests share a key that is good once in neither order', async () => {
    const key = addKey();
    const answers = await Promise.all(
      ['1', '2', '3', '4'].map((digit) => collector.enroll(key, { deviceId: digit.repeat(40) })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
  });

  test.each([
    { name: 'a DeviceId that is none', body: { deviceId: 'host' } },
    { name: 'a name without end', body: { deviceId: DEVICE, deviceName: 'x'.repeat(300) } },
    { name: 'an unknown property', body: { deviceId: DEVICE, admin: true } },
  ])('refuses $name with 400', async ({ body }) => {
    expect(await collector.enroll(addKey(), body)).toMatchObject({ status: 400 });
  });
});

test('a rotated token and the one before both open until the overlap is over, and the audit log names who did it', async () => {
  const { folder, remove: removeFolder } = temporaryFolder();
  const first = await newToken(folder, '--operator', 'lead', '--valid', '90d');
  const id = first.split('_')[2] ?? '';
  const served = await CollectorProcess.start(folder, ['--require-tokens']);
  try {
    const second = await newToken(folder, '--rotate', id, '--overlap', '10m');
    for (const token of [first, second])
      expect((await served.query('AgentSweepInfo', undefined, bearer(token))).status).toBe(200);
    await served.query('AgentSweepInfo | whence', undefined, bearer(second));
    expect(await served.query('AgentSweepInfo', undefined, bearer('csw_r_x'))).toMatchObject({
      status: 401,
    });
    await runCollector('enroll', '--data', folder, '--revoke', second.split('_')[2] ?? '');
    for (const token of [first, second])
      expect((await served.query('AgentSweepInfo', undefined, bearer(token))).status).toBe(401);

    const { stdout } = await runCollector('audit', '--data', folder, '--format', 'json');
    const events = JSON.parse(stdout) as AuditEvent[];
    expect(events.map(({ event }) => event)).toEqual([
      ...['made', 'rotated', 'read', 'read', 'read', 'refused', 'revoked', 'refused', 'refused'],
    ]);
    expect(events[2]).toMatchObject({
      ...{ address: '127.0.0.1', tokenId: id, tokenName: 'lead', outcome: 'ok', rows: 0 },
      ...{ query: 'AgentSweepInfo', what: 'read 0 rows' },
      querySha256: createHash('sha256').update('AgentSweepInfo').digest('hex'),
    });
    expect(events[4]).toMatchObject({ query: 'AgentSweepInfo | whence', rows: 0 });
    expect(events[4]?.outcome).not.toBe('ok');
    const table = await runCollector('audit', '--data', folder);
    expect(table.stdout).toContain('AgentSweepInfo | whence');
    for (const secret of [first, second])
      for (const text of [stdout, table.stdout, served.log])
        expect(text).not.toContain(secret.slice(23));
  } finally {
    await served.stop();
    removeFolder();
  }
});

test('a token that was given survives a kill -9 right after the answer', async () => {
  const { folder, remove: removeFolder } = temporaryFolder();
  const key = await newToken(folder, '--key');
  const first = await CollectorProcess.start(folder, ['--require-tokens']);
  const { json } = await first.enroll(key, { deviceId: DEVICE });
  await first.stop('SIGKILL');
  const second = await CollectorProcess.start(folder, ['--require-tokens']);
  try {
    const headers = bearer((json as { token: string }).token);
    expect((await second.postRows(TABLE, rows(DEVICE, 1), headers)).status).toBe(200);
    expect(await second.enroll(key, { deviceId: OTHER })).toMatchObject({ status: 401 });
  } finally {
    await second.stop();
    removeFolder();
  }
});

test('a collector that requires none takes rows without a token, and holds a device to the one that it sends', async () => {
  const { folder, remove: removeFolder } = temporaryFolder();
  const token = await newToken(folder, '--device-id', DEVICE);
  const open = await CollectorProcess.start(folder);
  try {
    expect((await open.postRows(TABLE, rows(OTHER, 1))).status).toBe(200);
    expect((await open.postRows(TABLE, rows(DEVICE, 1), bearer(token))).status).toBe(200);
    expect((await open.postRows(TABLE, rows(OTHER, 2), bearer(token))).status).toBe(403);
    expect((await open.postRows(TABLE, rows(DEVICE, 2), bearer('csw_d_x'))).status).toBe(401);
  } finally {
    await open.stop();
    removeFolder();
  }
});

describe('enroll', () => {
  test('prints the token alone on stdout, and its list shows none', async () => {
    const { folder, remove: removeFolder } = temporaryFolder();
    const made = await runCollector('enroll', '--data', folder, '--key', '--uses', '2');
    expect(made.stdout).toMatch(/^csw_k_\S+\n$/);
    expect(made.stderr).toContain('good 2 times');
    expect(made.stderr).toContain('no collector has served');
    const listed = await runCollector('enroll', '--data', folder, '--list');
    const [, , id = '', ...secret] = made.stdout.trim().split('_');
    expect(listed.stdout).toContain(id);
    expect(listed.stdout).not.toContain(secret.join('_'));
    removeFolder();
  });

  test('does not make a folder that was misspelt to list or revoke', () => {
    const missing = path.join(data, 'misspelt');
    for (const options of [{ list: true }, { revoke: '0'.repeat(16) }])
      expect(() => enroll({ data: missing, ...options })).toThrow('no token has been made in');
    expect(existsSync(missing)).toBe(false);
  });

  test.each([
    { name: 'no job', options: {}, says: 'enroll takes one of' },
    { name: 'two jobs', options: { key: true, list: true }, says: 'enroll takes one of' },
    { name: 'no uses', options: { key: true, uses: '0' }, says: '--uses takes a number' },
    {
      name: 'a time without a unit',
      options: { key: true, valid: '5' },
      says: 'as 30m, 12h or 7d',
    },
    { name: 'a year', options: { key: true, valid: '365d' }, says: 'at most 30 days' },
    { name: 'a DeviceId that is none', options: { deviceId: 'host' }, says: '40 lower-case hex' },
    { name: 'a reader without a name', options: { reader: '' }, says: '1 to 255 characters' },
    { name: 'uses of a reader', options: { reader: 'x', uses: '2' }, says: 'add --key' },
    { name: 'a replacing list', options: { list: true, replace: true }, says: '--replace belongs' },
    { name: 'an unknown id', options: { revoke: 'x' }, says: 'there is no token with id x' },
    {
      name: 'a validity of a device',
      options: { deviceId: DEVICE, valid: '1h' },
      says: '--valid belongs',
    },
    {
      name: 'two years of a reader',
      options: { reader: 'x', valid: '731d' },
      says: 'at most 366 days',
    },
    { name: 'an overlap alone', options: { list: true, overlap: '1h' }, says: '--overlap belongs' },
    {
      name: 'a rotation of nothing',
      options: { rotate: 'x' },
      says: 'there is no token with id x',
    },
    { name: 'a device again', options: { deviceId: OTHER }, says: '--replace ends its token' },
  ])('refuses $name with a sentence', ({ options, says }) => {
    addToken({ kind: 'device', deviceId: OTHER });
    expect(() => enroll({ data, ...options })).toThrow(UsageError);
    expect(() => enroll({ data, ...options })).toThrow(says);
  });
});
