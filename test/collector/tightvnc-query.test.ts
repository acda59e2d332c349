import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseRule } from '../../parsers/rules/parse-rule.ts';
import { haveShared, sharedFolder } from '../corpus.ts';
import { CollectorProcess, runCollector, temporaryFolder, zstd } from './collector-process.ts';
import { ndjson, record } from './records.ts';

const ruleFile = path.join(sharedFolder, 'rules', 'azure-sentinel', 'rmm_TightVNC_filesig.yaml');
/** The window of the query is [06-25T12:00, 06-30T12:00], both ends included. */
const NOW = '2026-06-30T12:00:00Z';
const [A, B, C, D] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
  string,
];
const server = { DeviceId: A, DeviceName: 'server.example', FolderPath: 'C:\\TightVNC' };

const rows = [
  // Device A: one sighting before the window by 100 ns, one on each edge, one after the window by 100 ns.
  record({
    ...server,
    FileName: 'tvnserver.exe',
    SHA1: '01',
    Signer: 'GlavSoft LLC.',
    ReportId: 1,
    Timestamp: '2026-06-25T11:59:59.9999999Z',
  }),
  record({
    ...server,
    FileName: 'tvnserver.exe',
    SHA1: '01',
    Signer: 'GlavSoft LLC.',
    ReportId: 2,
    Timestamp: '2026-06-25T12:00:00Z',
  }),
  record({
    ...server,
    FileName: 'tvnserver.exe',
    SHA1: '01',
    Signer: 'GlavSoft LLC.',
    ReportId: 3,
    Timestamp: '2026-06-30T12:00:00Z',
  }),
  record({
    ...server,
    FileName: 'tvnserver.exe',
    SHA1: '01',
    Signer: 'GlavSoft LLC.',
    ReportId: 4,
    Timestamp: '2026-06-30T12:00:00.0000001Z',
  }),
  // A dual-signed file counts once, whatever the order in which its signatures come; ReportId of the first.
  record({
    ...server,
    FileName: 'tvnviewer.exe',
    SHA1: '02',
    Signer: 'GlavSoft LLC',
    SignerHash: '22',
    SignatureIndex: 1,
    ReportId: 6,
    Timestamp: '2026-06-28T00:00:00Z',
  }),
  record({
    ...server,
    FileName: 'tvnviewer.exe',
    SHA1: '02',
    Signer: 'GlavSoft LLC',
    SignerHash: '21',
    SignatureIndex: 0,
    ReportId: 5,
    Timestamp: '2026-06-28T00:00:00Z',
  }),
  // Two signatures by different signers are two rows, of which one matches.
  record({
    ...server,
    FileName: 'both.exe',
    SHA1: '03',
    Signer: 'Somebody Else',
    SignatureIndex: 0,
    ReportId: 7,
    Timestamp: '2026-06-28T00:00:00Z',
  }),
  record({
    ...server,
    FileName: 'both.exe',
    SHA1: '03',
    Signer: 'GLAVSOFT, OOO',
    SignatureIndex: 1,
    ReportId: 8,
    Timestamp: '2026-06-28T00:00:00Z',
  }),
  // Two copies of one file are two sightings.
  record({
    ...server,
    FileName: 'copy.exe',
    SHA1: '02',
    Signer: 'GlavSoft LLC',
    SignatureIndex: 0,
    ReportId: 9,
    Timestamp: '2026-06-28T00:00:00Z',
  }),
  // Device B: unsigned, and names that only look alike.
  record({
    DeviceId: B,
    DeviceName: 'look-alike',
    IsSigned: false,
    Signer: 'GlavSoft LLC.',
    ReportId: 1,
    Timestamp: '2026-06-28T00:00:00Z',
  }),
  record({
    DeviceId: B,
    DeviceName: 'look-alike',
    Signer: 'GlavsoftX Ltd',
    ReportId: 2,
    Timestamp: '2026-06-28T00:00:00Z',
  }),
  record({
    DeviceId: B,
    DeviceName: 'look-alike',
    Signer: null,
    ReportId: 3,
    Timestamp: '2026-06-28T00:00:00Z',
  }),
  // Device C: a ReportId that repeats is in the set once and in the count twice; 100 ns are kept.
  record({
    DeviceId: C,
    DeviceName: 'laptop',
    Signer: 'GlavSoft OOO',
    SHA1: '04',
    ReportId: 1,
    Timestamp: '2026-06-26T08:00:00.1234567Z',
  }),
  record({
    DeviceId: C,
    DeviceName: 'laptop',
    Signer: 'GlavSoft OOO',
    SHA1: '05',
    ReportId: 1,
    Timestamp: '2026-06-27T08:00:00Z',
  }),
  // Device D: outside the window only.
  record({
    DeviceId: D,
    DeviceName: 'old',
    Signer: 'GlavSoft LLC.',
    ReportId: 1,
    Timestamp: '2026-06-01T00:00:00Z',
  }),
];

const expected = [
  {
    DeviceId: A,
    DeviceName: 'server.example',
    FirstSeen: '2026-06-25T12:00:00Z',
    LastSeen: '2026-06-30T12:00:00Z',
    Report: [2, 3, 5, 8, 9],
    Count: 5,
  },
  {
    DeviceId: C,
    DeviceName: 'laptop',
    FirstSeen: '2026-06-26T08:00:00.1234567Z',
    LastSeen: '2026-06-27T08:00:00Z',
    Report: [1],
    Count: 2,
  },
];

/**
 * What a hunt adds: no agent has flagged these rows, so that nothing is known of earlier sightings, nor has any judged their
 * signatures; A has four files and C two.
 */
const unapproved = (files: number) => ({
  EverFirstSeen: null,
  WorstGrade: 'signature-unverified',
  Approval: 'unapproved',
  ApprovalId: '',
  ApprovedCount: 0,
  UnapprovedCount: files,
  LookAlikeCount: 0,
});
const judged: Record<string, object> = { 'server.example': unapproved(4), laptop: unapproved(2) };

describe.skipIf(!haveShared())('the TightVNC query of Azure-Sentinel, unchanged', () => {
  const { folder, remove } = temporaryFolder();
  let collector: CollectorProcess;

  beforeAll(async () => {
    collector = await CollectorProcess.start(folder);
    // In two batches, so that the two signatures of one file come apart.
    for (const part of [rows.slice(0, 5), rows.slice(5)]) {
      const sent = await collector.postRows('AgentFileCertificateInfo', zstd(ndjson(part)), {
        'content-encoding': 'zstd',
      });
      expect(sent).toMatchObject({ status: 200, json: { stored: part.length, duplicate: false } });
    }
  });

  afterAll(async () => {
    expect(await collector.stop()).toBe(0);
    remove();
  });

  test('over HTTP gives the hand-computed rows', async () => {
    const { query } = parseRule(readFileSync(ruleFile, 'utf8'), ruleFile).rule;
    expect(query).toContain("| where Signer has 'glavsoft'\r\n");
    const { status, json } = await collector.query(query, NOW);
    expect(status).toBe(200);
    expect(json).toEqual({
      columns: [
        { name: 'DeviceId', type: 'string' },
        { name: 'DeviceName', type: 'string' },
        { name: 'FirstSeen', type: 'datetime' },
        { name: 'LastSeen', type: 'datetime' },
        { name: 'Report', type: 'dynamic' },
        { name: 'Count', type: 'long' },
      ],
      rows: expect.arrayContaining(expected.map((row) => Object.values(row))),
    });
    expect((json as { rows: unknown[] }).rows).toHaveLength(2);
  });

  test.each([
    {
      name: 'query --file with the rule',
      args: ['query', '--file', ruleFile],
      more: {} as typeof judged,
    },
    { name: 'hunt with the built-in rule', args: ['hunt'], more: judged },
    { name: 'hunt with the rule file', args: ['hunt', ruleFile], more: judged },
  ])('$name beside the running server gives the same', async ({ args, more }) => {
    const ran = await runCollector(
      ...args,
      ...['--data', folder, '--now', NOW, '--format', 'json'],
    );
    expect(ran.status).toBe(0);
    const printed = JSON.parse(ran.stdout) as { DeviceId: string }[];
    expect(printed.sort((one, other) => (one.DeviceId < other.DeviceId ? -1 : 1))).toEqual(
      expected.map((row) => ({ ...row, ...more[row.DeviceName] })),
    );
  });

  test('the bare query in a file gives the same as csv', async () => {
    const { query } = parseRule(readFileSync(ruleFile, 'utf8'), ruleFile).rule;
    const file = path.join(folder, 'query.kql');
    writeFileSync(file, `${query}| sort by DeviceId asc`);
    const ran = await runCollector(
      ...['query', '--file', file, '--data', folder, '--now', NOW, '--format', 'csv'],
    );
    expect(ran).toEqual({
      status: 0,
      stderr: '',
      stdout:
        'DeviceId,DeviceName,FirstSeen,LastSeen,Report,Count\r\n' +
        `${A},server.example,2026-06-25T12:00:00Z,2026-06-30T12:00:00Z,"[2,3,5,8,9]",5\r\n` +
        `${C},laptop,2026-06-26T08:00:00.1234567Z,2026-06-27T08:00:00Z,[1],2\r\n`,
    });
  });

  test('a hunt that finds nothing says what is outside the window', async () => {
    const ran = await runCollector('hunt', '--data', folder, '--now', '2026-08-01T00:00:00Z');
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain('No device matches.\n4 devices have reported');
    expect(ran.stdout).toContain('4 devices reported nothing of the window');
    expect(ran.stdout).toContain(
      'At any time 10 rows of 3 devices match, from 2026-06-01T00:00:00Z to 2026-06-30T12:00:00.0000001Z: ' +
        '--from 2026-06-01T00:00:00Z --to 2026-06-30T12:00:00.0000001Z shows them.',
    );
  });
});
