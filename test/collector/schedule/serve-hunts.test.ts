import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApprovalBook } from '../../../collector/approvals/approval-book.ts';
import type { FileCertificateRecord } from '../../../parsers/record/columns.ts';
import { ticksFromUnixMs } from '../../../parsers/record/datetime.ts';
import { CollectorProcess, newToken, runCollector, temporaryFolder } from '../collector-process.ts';
import { ndjson, record } from '../records.ts';
import { Receiver } from './receiver.ts';

const TABLE = 'AgentFileCertificateInfo';
/** Several processes start one after the other, 10 s on a quiet machine. */
const TIMEOUT_MS = 180_000;
const WAIT = { timeout: 30_000 };
const TIGHTVNC = '18f7c17b-65d4-4263-b9e2-587e84233989';
const { folder, remove } = temporaryFolder();
let receiver: Receiver;
let collector: CollectorProcess;
let data: string;
let notify: string;
let operator: string;

const isoAgo = (ms: number) => new Date(Date.now() - ms).toISOString();
const DAY_MS = 86_400_000;

/** A file that GlavSoft signed and Windows would trust. */
const signed = (values: Partial<FileCertificateRecord> = {}) =>
  record({
    ...{ Timestamp: isoAgo(60_000), DeviceName: 'pc7.corp.example', ReportId: 1 },
    ...{ FolderPath: 'C:\\Program Files\\TightVNC', FileName: 'tvnserver.exe' },
    ...{ SHA1: '1'.repeat(40), SHA256: '2'.repeat(64), Signer: 'GlavSoft LLC.' },
    ...{ SignerHash: '3'.repeat(40), IsTrusted: true, SignatureStatus: 'Trusted' },
    ...values,
  });

async function start(...options: string[]): Promise<void> {
  const all = ['--hunt-every', '1h', '--hunt-rules', 'TightVNC', '--notify', notify, ...options];
  collector = await CollectorProcess.start(data, all);
}

async function post(...rows: FileCertificateRecord[]): Promise<void> {
  expect(await collector.postRows(TABLE, ndjson(rows))).toMatchObject({ status: 200 });
}

async function hunts(): Promise<Record<string, unknown> & { lastRun: { started: string } | null }> {
  const answer = await fetch(`${collector.url}/v1/hunts`);
  return (await answer.json()) as Awaited<ReturnType<typeof hunts>>;
}

/** Runs the hunts to their end. */
async function run(): Promise<void> {
  const headers = { authorization: `Bearer ${operator}` };
  const before = (await hunts()).lastRun?.started;
  await expect
    .poll(async () => (await collector.post('/v1/hunts/run', '', headers)).json, WAIT)
    .toEqual({ started: true });
  await expect.poll(async () => (await hunts()).lastRun?.started, WAIT).not.toBe(before);
  await expect.poll(async () => (await hunts()).running, WAIT).toBe(false);
}

async function findings(filter = ''): Promise<Record<string, unknown>[]> {
  const answer = await fetch(`${collector.url}/v1/findings${filter}`);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { findings: Record<string, unknown>[] }).findings;
}

/** Time enough for a second notice to come, if there were one. */
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 1_500));

let tests = 0;
beforeEach(async () => {
  tests += 1;
  data = path.join(folder, `data-${tests}`);
  notify = path.join(folder, `notify-${tests}.yaml`);
  receiver = await Receiver.start();
  const secret = 'a secret that only the receiver knows';
  writeFileSync(
    notify,
    `channels:\n  - { name: soc, kind: webhook, url: "${receiver.url}", secret: "${secret}" }\n`,
    { mode: 0o600 },
  );
  operator = await newToken(data, '--operator', 'lead');
});

afterEach(async () => {
  await collector?.stop();
  receiver.close();
});
afterAll(remove);

describe('serve --hunt-every', () => {
  test(
    'tells of a new finding once, whatever sweeps, runs and restarts follow; one with an old Timestamp is found, too',
    async () => {
      await start();
      await post(signed());
      await run();
      expect(readFileSync(path.join(data, 'audit.ndjson'), 'utf8')).toContain('"event":"hunted"');
      await expect.poll(() => receiver.taken, WAIT).toHaveLength(1);
      expect(receiver.taken[0]).toMatchObject({
        ...{ event: 'new-finding', rule: TIGHTVNC, tool: 'TightVNC', grade: 'signature-trusted' },
        ...{ deviceId: 'a'.repeat(40), deviceName: 'pc7.corp.example' },
        ...{ path: 'C:\\Program Files\\TightVNC\\tvnserver.exe', sha256: '2'.repeat(64) },
        ...{ refusals: ['no-approval'], closestApproval: null, shortened: [] },
      });
      expect(await findings('?state=unapproved')).toMatchObject([
        { state: 'unapproved', tool: 'TightVNC', notices: 1, firstNotified: expect.any(String) },
      ]);
      expect(await findings('?state=approved')).toEqual([]);

      await post(signed({ Timestamp: isoAgo(1_000), ReportId: 2 }));
      await run();
      await collector.stop();
      await start();
      await run();
      await aWhile();
      expect(receiver.taken).toHaveLength(1);

      const late = { Timestamp: isoAgo(300 * DAY_MS), FolderPath: 'D:\\old', ReportId: 3 };
      await post(signed(late));
      await run();
      await expect.poll(() => receiver.taken, WAIT).toHaveLength(2);
      expect(receiver.taken[1]?.path).toBe('D:\\old\\tvnserver.exe');
      await collector.stop();
      expect(collector.log).not.toContain('a secret that only');
    },
    TIMEOUT_MS,
  );

  test(
    'tells nobody of an approved finding, and once more when the approval has expired',
    async () => {
      await start();
      const book = new ApprovalBook(data);
      const now = ticksFromUnixMs(Date.now());
      const expires = Date.now() + 8_000;
      book.put(
        [
          {
            ...{ id: 'helpdesk', tool: 'TightVNC', signers: ['GlavSoft LLC.'], thumbprints: [] },
            ...{ paths: ['C:\\Program Files\\TightVNC\\*'], sha256: [], processes: [] },
            devices: { ids: ['a'.repeat(40)], names: [], groups: [] },
            ...{ owner: 'it', reason: 'support', ticket: 'T-1', expires: ticksFromUnixMs(expires) },
          },
        ],
        ...([now, 'lead'] as const),
      );
      book.close();
      await post(signed());
      await run();
      expect(await findings()).toMatchObject([
        { state: 'approved', approvalId: 'helpdesk', notices: 0, firstNotified: null },
      ]);
      await new Promise((resolve) => setTimeout(resolve, expires - Date.now() + 100));
      expect(receiver.taken).toEqual([]);
      await run();
      await run();
      await expect.poll(() => receiver.taken, WAIT).toHaveLength(1);
      await aWhile();
      expect(receiver.taken).toMatchObject([
        { event: 'approval-ended', closestApproval: 'helpdesk', refusals: ['expired'] },
      ]);
    },
    TIMEOUT_MS,
  );

  test(
    'kill -9 while a notice is on its way loses none: it is sent again, with the same id',
    async () => {
      receiver.status = 0;
      await start();
      await post(signed(), signed({ FolderPath: 'D:\\x', ReportId: 2 }));
      await run();
      await expect.poll(() => receiver.refused, WAIT).toHaveLength(2);
      await collector.stop('SIGKILL');
      receiver.status = 200;
      await start();
      await expect.poll(() => receiver.taken, WAIT).toHaveLength(2);
      const ids = (notices: readonly { id: string }[]) => notices.map(({ id }) => id).sort();
      expect(ids(receiver.taken)).toEqual(ids(receiver.refused));
      await run();
      await aWhile();
      expect(receiver.taken).toHaveLength(2);
    },
    TIMEOUT_MS,
  );

  test(
    'a refused notice is kept and shown everywhere; hunts retry sends it',
    async () => {
      receiver.status = 404;
      await start();
      await post(signed());
      await run();
      await expect.poll(() => receiver.refused, WAIT).toHaveLength(1);
      await expect
        .poll(async () => (await hunts()).channels, WAIT)
        .toMatchObject([{ name: 'soc', refused: 1, problem: 'the receiver answered 404' }]);
      const metrics = await (await fetch(`${collector.url}/metrics`)).text();
      expect(metrics).toContain('outbox_length{channel="soc",state="refused"} 1');
      const doctor = await runCollector('doctor', '--data', data);
      expect(doctor.stdout).toMatch(/notices.*soc.*refused/);
      receiver.status = 200;
      const retried = await runCollector('hunts', 'retry', '--data', data);
      expect(retried).toMatchObject({ status: 0, stdout: expect.stringContaining('1 notice') });
      await expect.poll(() => receiver.taken, WAIT).toHaveLength(1);
      expect((await hunts()).channels).toMatchObject([{ refused: 0, waiting: 0 }]);
    },
    TIMEOUT_MS,
  );

  test(
    'the command line lists hunts and findings, and asks for a run',
    async () => {
      await start();
      await post(signed({ DeviceName: 'pc7\u001b[2J' }));
      const ran = await runCollector('hunts', 'run', '--data', data);
      expect(ran).toMatchObject({ status: 0, stdout: expect.stringContaining('1 finding') });
      const list = await runCollector('hunts', 'list', '--data', data);
      expect(list.stdout).toMatch(/soc/);
      const show = await runCollector('hunts', 'show', '--data', data);
      expect(show.stdout).toContain('pc7\\u{1b}[2J');
      const json = await runCollector('hunts', 'show', '--data', data, '--format', 'json');
      expect(JSON.parse(json.stdout)).toMatchObject([
        { tool: 'TightVNC', state: 'unapproved', deviceName: 'pc7\u001b[2J' },
      ]);
      const none = ['hunts', 'show', '--state', 'approved', '--format', 'json', '--data', data];
      expect(JSON.parse((await runCollector(...none)).stdout)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe('serve does not start', () => {
  test.each([
    { name: 'with --notify alone', options: () => ['--notify', notify], says: '--hunt-every' },
    {
      name: 'with an unknown rule',
      options: () => ['--hunt-every', '1h', '--hunt-rules', 'none'],
      says: 'is in the name of no built-in rule',
    },
    {
      name: 'with an interval above a day',
      options: () => ['--hunt-every', '2d'],
      says: 'at most 1 day',
    },
    {
      name: 'with settings that others can read',
      options: () => {
        chmodSync(notify, 0o644);
        return ['--hunt-every', '1h', '--notify', notify];
      },
      says: 'chmod 600',
    },
  ])(
    '$name',
    async ({ options, says }) => {
      const ran = await runCollector(
        'serve',
        '--data',
        data,
        '--listen',
        '127.0.0.1:0',
        ...options(),
      );
      expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining(says) });
    },
    TIMEOUT_MS,
  );
});

test(
  'a collector without hunts says so',
  async () => {
    collector = await CollectorProcess.start(data);
    const answer = await fetch(`${collector.url}/v1/hunts`);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ error: { code: 'no-hunts' } });
    const post = await collector.post('/v1/hunts/run', '', {});
    expect(post.status).toBe(401); // also where no tokens are required
    const ran = await runCollector('hunts', 'run', '--data', data);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('--hunt-every') });
  },
  TIMEOUT_MS,
);
