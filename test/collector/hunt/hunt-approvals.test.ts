import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApprovalBook } from '../../../collector/approvals/approval-book.ts';
import { readApproval } from '../../../collector/approvals/read-approval.ts';
import { builtInRules } from '../../../parsers/rules/built-in-rules.ts';
import { runCollector, temporaryFolder } from '../collector-process.ts';
import { record } from '../records.ts';
import { flagged, ruleFile, store, TIGHTVNC } from './hunt-data.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);
const data = path.join(folder, 'data');
const id = (digit: string) => digit.repeat(40);
const NOW = '2026-06-30T12:00:00Z';
const FolderPath = 'C:\\Program Files\\TightVNC';
const hostile = 'tvn\u001b[2J.exe';

beforeAll(async () => {
  const Timestamp = '2026-06-29T00:00:00.1234567Z';
  const on = (digit: string, DeviceName: string) => ({
    ...{ DeviceId: id(digit), DeviceName, Timestamp, FolderPath, SHA256: '5'.repeat(64) },
  });
  const live = {
    RunningProcesses: [
      {
        ...{ pid: 7, name: 'tvnserver.exe', parentPid: 1, parentName: 'services.exe' },
        ...{ user: 'SYSTEM', startTime: '2026-06-28T00:00:00Z' },
      },
    ],
    AutostartEntries: [{ kind: 'service', name: 'tvnserver', state: 'running' }],
  };
  await store(data, [
    flagged({ ...on('a', 'all.example'), ...live, ReportId: 1 }),
    flagged({ ...on('b', 'some.example'), ReportId: 2 }),
    flagged({ ...on('b', 'some.example'), FolderPath: 'C:\\Users\\eve', ReportId: 3 }),
    flagged({
      ...on('c', 'tampered.example'),
      ...{ ReportId: 4, IsTrusted: false, SignatureStatus: 'HashMismatch' },
    }),
    flagged({ ...on('d', 'beside.example'), ReportId: 5 }),
    record({
      ...on('d', 'beside.example'),
      ...{ FileName: 'resigned.exe', Signer: 'TECHSERIO', SHA1: '7'.repeat(40), ReportId: 6 },
      LookAlikes: [{ rule: TIGHTVNC, grade: 'signer-mismatch' }],
    }),
    record({
      ...on('e', 'apart.example'),
      ...{ FileName: hostile, IsSigned: false, SHA1: '8'.repeat(40), ReportId: 7 },
      LookAlikes: [{ rule: TIGHTVNC, grade: 'version-info-only' }],
    }),
  ]);
  const book = new ApprovalBook(data);
  const approval = readApproval(
    {
      ...{ id: 'everywhere', tool: 'TightVNC', signers: ['GlavSoft LLC.'] },
      ...{ paths: [`${FolderPath}\\*.exe`], devices: { names: ['*.example'] } },
      ...{ owner: 'me', reason: 'a test', ticket: 'T-1', expires: '2026-12-31' },
    },
    [],
  );
  book.put([approval], approval.expires - 864_000_000_000n * 300n, 'test');
  book.close();
});

const hunt = (...args: string[]) => runCollector('hunt', '--data', data, '--now', NOW, ...args);

test('what a hunt adds follows the cells of the plain query, which are the same to the byte', async () => {
  const { query } = builtInRules.find((rule) => rule.id === TIGHTVNC) ?? { query: '' };
  const sorted = ruleFile(folder, 'sorted', `${query.trimEnd()}\n| sort by DeviceName asc`);
  for (const format of ['json', 'csv'] as const) {
    const plain = await runCollector(
      ...['query', '--file', sorted, '--data', data, '--now', NOW, '--format', format],
    );
    const hunted = await hunt(sorted, '--format', format);
    const [short, long] = [plain, hunted].map(({ stdout }) =>
      stdout.split('\n').filter((line) => /\w/.test(line)),
    ) as [string[], string[]];
    expect(short.length).toBeGreaterThanOrEqual(4);
    expect(long).toHaveLength(short.length);
    for (const [index, line] of short.entries()) {
      const own = format === 'json' ? line.replace(/\},?$/, ',') : line.replace(/\r$/, ',');
      expect(long[index]?.slice(0, own.length)).toBe(own);
    }
  }
});

test('each device has the worst grade, whether its files are approved, and how many', async () => {
  const ran = await hunt('--format', 'json');
  const rows = JSON.parse(ran.stdout) as Record<string, unknown>[];
  const cells = rows.map((row) => [
    ...[row.DeviceName, row.WorstGrade, row.Approval, row.ApprovalId],
    ...[row.ApprovedCount, row.UnapprovedCount, row.LookAlikeCount],
  ]);
  expect(cells.toSorted()).toEqual([
    ['all.example', 'signature-trusted', 'approved', 'everywhere', 1, 0, 0],
    ['beside.example', 'signer-mismatch', 'partly', 'everywhere', 1, 0, 1],
    ['some.example', 'signature-trusted', 'partly', 'everywhere', 1, 1, 0],
    ['tampered.example', 'signature-untrusted', 'unapproved', '', 0, 1, 0],
  ]);
  expect(ran.stderr).toContain('Approved: 3 of 5 files; --evidence DEVICE says why');
  expect(ran.stderr).toContain('Look-alikes: 2 files on 2 devices claim to be TightVNC');
  expect(ran.stderr).toContain('tvn\\u{1b}[2J.exe: version-info-only, signed by nobody');
  expect(ran.stderr).not.toContain('\u001b');
});

describe('--evidence', () => {
  test('says by which approval a file is legitimate, and which process runs it', async () => {
    const { stdout, status } = await hunt('--evidence', 'all');
    expect(status).toBe(0);
    expect(stdout).toContain('approved: approval everywhere of me, ticket T-1');
    expect(stdout).toContain('tvnserver.exe (7), started by services.exe, as SYSTEM');
    expect(stdout).toContain('service tvnserver running');
  });

  test('says of the copy elsewhere why it is not', async () => {
    const { stdout } = await hunt('--evidence', 'some', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject([
      { FolderPath, Approval: 'approved', ApprovalId: 'everywhere' },
      {
        ...{ FolderPath: 'C:\\Users\\eve', Approval: 'unapproved', ApprovalId: '' },
        ApprovalReason: 'approval everywhere is not for the path C:\\Users\\eve\\tvnserver.exe',
      },
    ]);
  });

  test('of a device that has look-alikes alone lists these', async () => {
    const { stdout, status } = await hunt('--evidence', 'apart');
    expect(status).toBe(0);
    expect(stdout).toContain('0 files');
    expect(stdout).toContain('Look-alikes: 1 file on 1 device claims to be TightVNC');
  });
});
