import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCollector, temporaryFolder } from '../collector-process.ts';
import { record } from '../records.ts';
import { flagged, ruleFile, store } from './hunt-data.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);
const data = path.join(folder, 'data');
const id = (digit: string) => digit.repeat(40);
const NOW = '2026-06-30T12:00:00Z';
const hostile = 'tvn\u001b[2J\n"x",=cmd.exe';
const BEFORE = '2026-06-01T00:00:00.0000001Z';

beforeAll(async () => {
  const many = Array.from({ length: 600 }, (_, index) =>
    flagged({
      DeviceId: id('a'),
      DeviceName: 'server.example',
      FileName: `tvn${index % 3}.exe`,
      SHA1: `${index % 3}`.repeat(40),
      ReportId: 1000 + index,
      Timestamp: `2026-06-29T00:00:00.${String(index).padStart(7, '0')}Z`,
    }),
  );
  const records = [
    ...many,
    flagged({ DeviceId: id('b'), DeviceName: 'PC7.other', ReportId: 1, Timestamp: BEFORE }),
    flagged({
      DeviceId: id('c'),
      DeviceName: 'PC7.example',
      FileName: hostile,
      SHA1: '0'.repeat(40),
      SignatureStatus: 'HashMismatch',
      MatchGrade: 'signature-untrusted',
      Findings: [{ code: 'TRUST_E_BAD_DIGEST', level: 'error', detail: '' }],
      ReportId: 2,
      Timestamp: '2026-06-28T00:00:00Z',
    }),
    record({
      DeviceId: id('d'),
      DeviceName: 'pc8',
      Signer: 'Resigner',
      CompanyName: 'Tools of Nobody',
      SHA1: '9'.repeat(40),
      SignatureStatus: 'NotJudged',
      Timestamp: '2026-06-28T00:00:00Z',
    }),
  ];
  await store(data, records, [
    {
      DeviceId: id('a'),
      DeviceName: 'server.example',
      Timestamp: '2026-06-30T00:00:00Z',
      StartTime: '2026-06-29T00:00:00Z',
    },
    {
      DeviceId: id('c'),
      DeviceName: 'PC7.example',
      Timestamp: '2026-06-30T00:00:00Z',
      StartTime: '2026-06-29T23:00:00Z',
      Complete: false,
      GoneFlagged: 1,
      GoneFiles: [
        { path: `C:\\TightVNC\\${hostile}`, sha1: '0'.repeat(40), rules: [], lastSeen: BEFORE },
      ],
    },
  ]);
});

const hunt = (...args: string[]) => runCollector('hunt', '--data', data, '--now', NOW, ...args);

describe('a window', () => {
  test.each([
    { name: "is the rule's own unless asked", args: [], found: ['a', 'c'] },
    { name: 'is as long as --window says', args: ['--window', '30d'], found: ['a', 'b', 'c'] },
    {
      name: 'begins with its first 100 ns',
      args: ['--from', BEFORE, '--to', BEFORE],
      found: ['b'],
    },
    {
      name: 'does not reach 100 ns further',
      args: ['--from', '2026-06-01T00:00:00.0000002Z', '--to', '2026-06-02T00:00:00Z'],
      found: [],
    },
    {
      name: 'ends at now() without --to',
      args: ['--from', '2026-06-28T00:00:00.0000001Z'],
      found: ['a'],
    },
  ])('$name', async ({ args, found }) => {
    const ran = await hunt('--format', 'json', ...args);
    expect(ran.status).toBe(0);
    const rows = JSON.parse(ran.stdout) as { DeviceId: string }[];
    expect(rows.map(({ DeviceId }) => DeviceId[0]).sort()).toEqual(found);
    expect(ran.stderr).toMatch(/^Window: .*both ends included/m);
  });

  test.each([
    { name: 'two ways at once', args: ['--window', '1d', '--from', BEFORE], says: 'two ways' },
    { name: 'no length', args: ['--window', 'week'], says: '--window takes a time as 5d' },
    { name: 'an end alone', args: ['--to', BEFORE], says: '--to needs --from' },
    {
      name: 'a day as its end',
      args: ['--from', BEFORE, '--to', '2026-06-30'],
      says: 'the beginning or the end',
    },
    {
      name: 'an end before its beginning',
      args: ['--from', NOW, '--to', BEFORE],
      says: 'ends before it begins',
    },
  ])('of $name is refused', async ({ args, says }) => {
    const ran = await hunt(...args);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain(says);
  });

  test('is refused for a rule that asks for no time range', async () => {
    const rule = ruleFile(
      folder,
      'timeless',
      'DeviceFileCertificateInfo | summarize count() by DeviceId',
    );
    const ran = await hunt(rule, '--window', '1d');
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('asks for no time range');
  });
});

test('EverFirstSeen follows the columns of the rule, and gaps are told beside the rows', async () => {
  const ran = await hunt('--format', 'json');
  const [first] = JSON.parse(ran.stdout) as Record<string, unknown>[];
  const names = [
    'DeviceId',
    'DeviceName',
    'FirstSeen',
    'LastSeen',
    'Report',
    'Count',
    'EverFirstSeen',
    'WorstGrade',
    'Approval',
    'ApprovalId',
    'ApprovedCount',
    'UnapprovedCount',
    'LookAlikeCount',
  ];
  expect(Object.keys(first ?? {})).toEqual(names);
  expect(ran.stderr).toContain(`1 device reported nothing of the window: PC7.other.`);
  expect(ran.stderr).toContain(
    '1 device could not see everything in any sweep of the window: PC7.example.',
  );
  expect(ran.stderr).toContain(
    '1 device sent records of the window and no word on whether they are all',
  );
  expect(ran.stderr).toContain(`not in this answer: 1 device, the last PC7.other on ${BEFORE}`);
});

describe('an empty answer tells', () => {
  test.each([
    {
      name: 'that a later step leaves nothing',
      query:
        "DeviceFileCertificateInfo\n| where Timestamp > ago(5d)\n| where Signer has 'glavsoft'\n| summarize N=count() by DeviceId\n| where N > 9999",
      says: 'its later steps leave none',
    },
    {
      name: 'what could not be judged',
      query:
        "DeviceFileCertificateInfo\n| where Timestamp > ago(5d)\n| where Signer == 'Resigner' and IsTrusted == true\n| summarize count() by DeviceId",
      says: '1 of them could not be judged',
    },
    {
      name: 'what only calls itself so',
      query:
        "DeviceFileCertificateInfo\n| where Timestamp > ago(5d)\n| where Signer has 'nobody'\n| summarize count() by DeviceId",
      says: '1 file on 1 device in the window says so in its version information',
    },
    {
      name: 'that there is nothing at any time',
      query:
        "DeviceFileCertificateInfo\n| where Timestamp > ago(5d)\n| where Signer has 'unheard'\n| summarize count() by DeviceId",
      says: 'Nothing outside the window matches either.',
    },
  ])('$name', async ({ name, query, says }) => {
    const ran = await hunt(ruleFile(folder, name.replaceAll(' ', '-'), query));
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toContain('No device matches.\n4 devices have reported');
    expect(ran.stdout).toContain(says);
  });
});

describe('--evidence', () => {
  test('resolves 600 ReportIds to their three files, with what else is known', async () => {
    const ran = await hunt('--evidence', 'SERVER', '--format', 'json');
    expect(ran.status).toBe(0);
    const files = JSON.parse(ran.stdout) as Record<string, unknown>[];
    expect(files.map(({ FileName }) => FileName)).toEqual(['tvn0.exe', 'tvn1.exe', 'tvn2.exe']);
    expect(files.flatMap(({ ReportIds }) => ReportIds)).toHaveLength(600);
    expect(files[0]).toMatchObject({
      EverFirstSeen: '2026-06-29T00:00:00Z',
      Presence: 'there',
      OtherDevices: 1,
      OtherDeviceNames: ['PC7.example'],
    });
  });

  test('of a gone file with a hostile name says so and moves no cursor', async () => {
    const ran = await hunt('--evidence', id('c'));
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain('C:\\TightVNC\\tvn\\u{1b}[2J\\n"x",=cmd.exe\n');
    expect(ran.stdout).not.toContain('\u001b');
    expect(ran.stdout).toContain(
      'gone: the sweep of 2026-06-30T00:00:00Z did not find it any more',
    );
    expect(ran.stdout).toContain('TRUST_E_BAD_DIGEST: The file is not the one that was signed');
    const csv = await hunt('--evidence', id('c'), '--format', 'csv');
    expect(csv.stdout).toContain(`C:\\TightVNC,"${hostile.replaceAll('"', '""')}",`);
  });

  test.each([
    {
      name: 'a name of two devices',
      args: ['--window', '30d', '--evidence', 'pc7'],
      says: 'is the name of 2 devices',
    },
    {
      name: 'a device out of the window',
      args: ['--evidence', 'PC8'],
      says: 'is not among the devices',
    },
  ])('of $name is refused', async ({ args, says }) => {
    const ran = await hunt(...args);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain(says);
  });
});
