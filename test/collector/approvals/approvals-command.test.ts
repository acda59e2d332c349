import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCollector, temporaryFolder } from '../collector-process.ts';
import { flagged, store } from '../hunt/hunt-data.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);
const data = path.join(folder, 'data');
const file = path.join(folder, 'approvals.yaml');
const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString();
const PROGRAM_FILES = 'C:\\Program Files\\TightVNC';

const approval = (id: string, expires: string, lines: readonly string[] = []) =>
  [
    `- id: ${id}`,
    '  tool: TightVNC',
    '  signers: [GlavSoft LLC.]',
    `  paths: ['${PROGRAM_FILES}\\*.exe']`,
    '  owner: me',
    '  reason: because',
    '  ticket: T-1',
    `  expires: ${expires}`,
    ...lines,
  ].map((line) => `  ${line}\n`);
const write = (...approvals: readonly (readonly string[])[]) =>
  writeFileSync(file, `approvals:\n${approvals.flat().join('')}`);

const approvals = (command: string, ...args: string[]) =>
  runCollector('approvals', command, ...args, '--data', data);

beforeAll(async () => {
  const found = { DeviceName: 'pc-1', FolderPath: PROGRAM_FILES, Timestamp: days(-1) };
  await store(data, [flagged(found)]);
});

test('check names file, line and field of each error, and its exit status is 1', async () => {
  write(approval('one', days(9), ['  devices: {names: [pc-1]}']), approval('two', days(9)));
  const ran = await runCollector('approvals', 'check', file);
  expect(ran).toEqual({
    ...{ status: 1, stderr: '' },
    stdout: `${file}:11: approvals[1].devices: names no device: ids, names or groups are needed\n1 approval, 1 error\n`,
  });
});

test('apply refuses a file with an error, and changes nothing', async () => {
  const ran = await approvals('apply', file);
  expect(ran).toMatchObject({ status: 2, stdout: '' });
  expect(ran.stderr).toContain('approvals[1].devices: names no device');
  expect((await approvals('list')).stdout).toContain('There are no approvals');
});

test('apply prints what changes first, and with --dry-run only that', async () => {
  const expires = days(9);
  write(approval('one', expires, ['  devices: {names: [pc-1]}']));
  const dry = await approvals('apply', file, '--dry-run');
  expect(dry.stdout).toMatch(
    /^new {8}one: TightVNC, of me, until .*\n1 of 1 approvals would change/,
  );
  expect((await approvals('list')).stdout).toContain('There are no approvals');
  expect((await approvals('apply', file)).stdout).toContain('1 of 1 approvals changed');
  expect((await approvals('apply', file)).stdout).toBe(
    'unchanged  one\n0 of 1 approvals changed\n',
  );
  const [first = []] = [approval('one', expires, ['  devices: {names: [pc-1, pc-2]}'])];
  write(first);
  expect((await approvals('apply', file)).stdout).toContain(
    'changed    one: devices {"ids":[],"names":["pc-1"],"groups":[]} -> {"ids":[],"names":["pc-1","pc-2"],"groups":[]}',
  );
});

test('the report tells what is unused, expires soon, or can approve nothing', async () => {
  const other = approval('other-device', days(90), ['  devices: {names: [pc-7]}']);
  const unknown = approval('unknown-tool', days(90), ['  devices: {names: [pc-7]}']);
  write(other, unknown.with(1, '    tool: No Such Tool\n'));
  await approvals('apply', file);
  const ran = await approvals('report', '--format', 'json');
  expect(ran.status).toBe(0);
  expect(JSON.parse(ran.stdout)).toMatchObject([
    { Id: 'one', What: 'expiring', Owner: 'me' }, // and it is used: the file on pc-1
    { Id: 'other-device', What: 'unused' },
    { Id: 'unknown-tool', What: 'without a rule' },
  ]);
});

test('withdraw ends one, history tells who did what, and an unknown one is an error', async () => {
  expect((await approvals('withdraw', 'one')).stdout).toContain('approval one is withdrawn');
  expect((await approvals('withdraw', 'one')).stdout).toContain('was withdrawn before');
  const history = await approvals('history', 'one', '--format', 'json');
  expect(JSON.parse(history.stdout)).toMatchObject([
    { Action: 'approved', Version: 1, By: expect.stringMatching(/^user ./), State: 'active' },
    { Action: 'approved', Version: 2 },
    { Action: 'withdrawn', Version: 3, State: 'withdrawn' },
  ]);
  const list = await approvals('list', '--format', 'json');
  expect(JSON.parse(list.stdout)).toMatchObject([
    { Id: 'one', State: 'withdrawn', Devices: { names: ['pc-1', 'pc-2'] } },
    { Id: 'other-device', State: 'active' },
    { Id: 'unknown-tool', State: 'active' },
  ]);
  const unknown = await approvals('history', 'none');
  expect(unknown).toMatchObject({ status: 2, stdout: '' });
  expect(unknown.stderr).toContain('there is no approval none');
});
