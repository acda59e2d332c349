import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { FileCertificateRecord, SweepRow } from '../../../parsers/record/columns.ts';
import { CollectorProcess, runCollector } from '../../collector/collector-process.ts';
import { type FakeCollector, fakeCollector } from '../fake-collector.ts';
import { peBytes } from '../pe-bytes.ts';
import { type AgentRun, runAgent } from '../run-agent.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';

const folder = temporaryFolder();
const tree = path.join(folder, 'tree');
const fixtures = path.join(import.meta.dirname, '../../../fixtures/pe');
writeTree(tree, {
  'flagged.exe': readFileSync(path.join(fixtures, 'glavsoft-sha256-rfc3161.exe')),
  'a.exe': peBytes(),
  'b.exe': peBytes({ size: 2000 }),
});
const NOBODY = 'http://127.0.0.1:9';

let collector: FakeCollector | undefined;
afterEach(() => collector?.close());

const scan = (...args: string[]): Promise<AgentRun> =>
  runAgent(['scan', tree, '--format', 'ndjson', ...args]);
const ship = (...args: string[]): Promise<AgentRun> => runAgent(['ship', ...args]);

describe('a scan that finds no collector', () => {
  test('keeps its records in the state folder; ship brings them, as --out has them', async () => {
    const state = path.join(folder, 'kept');
    const out = path.join(folder, 'kept.ndjson');
    const { status, stderr } = await scan('--out', out, '--state', state, '--collector', NOBODY);
    expect(status).toBe(2);
    expect(stderr).toContain('nobody listens there');
    expect(stderr).toContain(`certsweep ship --state ${state} --collector ${NOBODY}`);

    const listed = await ship('--state', state, '--list');
    expect(listed).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^4 rows in 3 batches wait/),
    });

    collector = await fakeCollector();
    const shipped = await ship('--state', state, '--collector', collector.url);
    expect(shipped).toEqual({
      status: 0,
      stdout: 'sent 4 rows; 0 rows in 0 batches are left; 0 batches were refused\n',
      stderr: '',
    });
    const rows = collector.rows('AgentFileCertificateInfo') as FileCertificateRecord[];
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n');
    expect(rows.map((row) => JSON.stringify(row)).sort()).toEqual(lines.sort());
    expect(rows[0]).toMatchObject({ FileName: 'flagged.exe' }); // flagged ones go first
    const sweep = JSON.parse(readFileSync(`${out}.sweep.json`, 'utf8')) as SweepRow;
    expect(collector.rows('AgentSweepInfo')).toEqual([{ ...sweep, RecordsDigest: null }]);
  });

  test('without a state folder keeps them in a private one, and names the command that sends them', async () => {
    const { status, stderr } = await scan('--collector', NOBODY);
    expect(status).toBe(2);
    const state = /ship --state (\S+)/.exec(stderr)?.[1] ?? '';
    expect(statSync(state).mode & 0o777).toBe(0o700);
    collector = await fakeCollector();
    expect(await ship('--state', state, '--collector', collector.url)).toMatchObject({ status: 0 });
    expect(collector.received).toHaveLength(3);
    rmSync(state, { recursive: true });
  });
});

test('a scan whose records all arrive leaves no private folder', async () => {
  collector = await fakeCollector();
  const temporary = path.join(folder, 'temporary');
  mkdirSync(temporary);
  const args = ['scan', tree, '--format', 'ndjson', '--collector', collector.url];
  const run = await runAgent(args, { through: ['env', `TMPDIR=${temporary}`] });
  expect(run.status).toBe(1);
  expect(readdirSync(temporary)).toEqual([]);
});

test('what a collector refuses is said by the scan, listed with the reason, and sent again when asked', async () => {
  const state = path.join(folder, 'refused');
  let isStrict = true;
  collector = await fakeCollector(({ path: place }, response) => {
    if (!isStrict || place.includes('AgentSweepInfo')) return;
    response
      .writeHead(400)
      .end('{"error":{"code":"bad-rows","message":"no column \\u001b[31mFoo"}}');
  });
  const { status, stderr } = await scan('--state', state, '--collector', collector.url);
  expect(status).toBe(2);
  expect(stderr).toContain('REFUSED: 2 batches');
  const { stdout } = await ship('--state', state, '--list');
  expect(stdout).toContain('2 batches were refused and are kept:');
  expect(stdout).toContain(
    '1 rows of AgentFileCertificateInfo: answered 400: no column \\u{1b}[31mFoo',
  );
  isStrict = false;
  const again = await ship('--state', state, '--collector', collector.url, '--retry-refused');
  expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('sent 3 rows') });
});

test('a damaged spool is said, put aside, and makes the scan end with 2', async () => {
  const state = path.join(folder, 'damaged');
  collector = await fakeCollector();
  await scan('--state', state, '--collector', collector.url);
  writeFileSync(path.join(state, 'spool.sqlite'), 'x'.repeat(8192));
  const { status, stderr } = await scan('--state', state, '--collector', collector.url);
  expect(status).toBe(2);
  expect(stderr).toContain(
    `the spool was damaged and is now ${state}/spool.sqlite.damaged-1: records in it may never have been sent`,
  );
  expect(collector.rows('AgentSweepInfo')).toHaveLength(2);
});

test.each([
  {
    name: 'a folder that is not there',
    args: ['--state', '/nonexistent', '--list'],
    says: 'check --state',
  },
  { name: 'no collector', args: ['--state', folder], says: '--collector is missing' },
])('ship refuses $name', async ({ args, says }) => {
  expect(await ship(...args)).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining(says),
  });
});

describe('enroll', () => {
  const data = path.join(folder, 'collector');
  const tokenFile = path.join(folder, 'token');
  const keyFile = path.join(folder, 'key');
  const enrol = (url: string) =>
    runAgent(['enroll', '--collector', url, '--key-file', keyFile, '--token-file', tokenFile]);

  test('fetches the token with a key, with which a scan is let in; the key is then used up', async () => {
    const key = await runCollector('enroll', '--data', data, '--key', '--uses', '1');
    writeFileSync(keyFile, key.stdout, { mode: 0o600 });
    const server = await CollectorProcess.start(data);
    try {
      const enrolled = await enrol(server.url);
      expect(enrolled).toMatchObject({ status: 0, stdout: '' });
      expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
      const token = readFileSync(tokenFile, 'utf8').trim();
      expect(enrolled.stderr).not.toContain(token);
      const sent = await scan('--collector', server.url, '--token-file', tokenFile);
      expect(sent).toMatchObject({ status: 1, stderr: expect.stringContaining('4 rows are at') });
      const second = await enrol(server.url);
      expect(second.status).toBe(2);
      expect(second.stderr).toMatch(/answered 4\d\d: /);
      expect(readFileSync(tokenFile, 'utf8').trim()).toBe(token);
    } finally {
      await server.stop();
    }
  });

  test('of somebody who gives no token writes none', async () => {
    writeFileSync(keyFile, 'key', { mode: 0o600 });
    const before = readdirSync(folder);
    const server = createServer((_, response) => response.end('<html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { status, stderr } = await runAgent([
      ...['enroll', '--collector', `http://127.0.0.1:${(server.address() as AddressInfo).port}`],
      ...['--key-file', keyFile, '--token-file', path.join(folder, 'none')],
    ]);
    server.close();
    expect({ status, stderr }).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('without a token'),
    });
    expect(readdirSync(folder)).toEqual(before);
  });
});
