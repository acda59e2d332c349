import { describe, expect, test } from 'vitest';
import { approvalJson } from '../../../collector/approvals/approval-json.ts';
import { parseApprovals } from '../../../collector/approvals/parse-approvals.ts';
import { readApproval } from '../../../collector/approvals/read-approval.ts';
import { exampleFile, NOW, ticks } from './scenarios.ts';

const parse = (text: string) => parseApprovals(text, 'f.yaml', NOW);

const sound = [
  'approvals:',
  '  - id: one',
  '    tool: TightVNC',
  '    signers: [GlavSoft LLC]',
  "    paths: ['C:\\Program Files\\TightVNC\\*.exe']",
  '    devices: {names: [pc-1]}',
  '    owner: me',
  '    reason: because',
  '    ticket: T-1',
  '    expires: 2026-12-31',
];

/** The sound file with line `number` (1 is the first) replaced. */
const withLine = (number: number, ...lines: string[]) =>
  parse(sound.toSpliced(number - 1, 1, ...lines).join('\n'));

test('the example of docs/approvals.md is sound, and has the five scenarios', () => {
  const { approvals, problems } = parse(exampleFile());
  expect(problems).toEqual([]);
  expect(approvals.map(({ id }) => id)).toEqual([
    'helpdesk-support',
    'nightly-maintenance',
    'firewall-change',
    'sccm-deployment',
    'vdi-image',
  ]);
});

test('what is read is written as JSON that is read the same', () => {
  for (const approval of parse(exampleFile()).approvals)
    expect(readApproval(JSON.parse(JSON.stringify(approvalJson(approval))), [])).toEqual(approval);
});

test('a day expires with its end, UTC', () => {
  expect(parse(sound.join('\n')).approvals[0]?.expires).toBe(ticks('2027-01-01T00:00:00Z'));
});

describe('refused with file, line and field:', () => {
  test.each([
    { name: 'no YAML', line: 4, put: ['    signers: [a'], says: 'f.yaml:' },
    { name: 'no list', line: 1, put: ['approvals: x'], says: 'f.yaml:' },
    {
      name: 'an unknown key',
      line: 9,
      put: ['    ticket: T-1', '    singers: [x]'],
      says: 'f.yaml:10: approvals[0].singers: is not known',
    },
    {
      name: 'an unknown key at the top',
      line: 1,
      put: ['version: 1', 'approvals:'],
      says: 'f.yaml:1: version: is not known',
    },
    { name: 'no owner', line: 7, put: [], says: 'f.yaml:2: approvals[0].owner: is missing' },
    {
      name: 'an empty reason',
      line: 8,
      put: ["    reason: ' '"],
      says: 'f.yaml:8: approvals[0].reason: is empty',
    },
    {
      name: 'a signer alone',
      line: 5,
      put: [],
      says: 'f.yaml:2: approvals[0]: approves a signer wherever its files are',
    },
    { name: 'no signer', line: 4, put: [], says: 'approvals[0]: names no signer' },
    {
      name: 'a signer with a wildcard',
      line: 4,
      put: ["    signers: ['Glav*']"],
      says: 'f.yaml:4: approvals[0].signers[0]: is an exact name',
    },
    {
      name: 'every device',
      line: 6,
      put: ["    devices: {names: ['*']}"],
      says: 'f.yaml:6: approvals[0].devices.names[0]: * is every device',
    },
    {
      name: 'every device in other words',
      line: 6,
      put: ["    devices: {names: [pc-1, '?*.*']}"],
      says: 'approvals[0].devices.names[1]: ?*.* is every device',
    },
    {
      name: 'every group',
      line: 6,
      put: ["    devices: {groups: ['*']}"],
      says: 'approvals[0].devices.groups[0]: * is every device',
    },
    { name: 'no device', line: 6, put: [], says: 'approvals[0].devices: names no device' },
    {
      name: 'a device id that is none',
      line: 6,
      put: ['    devices: {ids: [abc]}'],
      says: 'f.yaml:6: approvals[0].devices.ids[0]: is no DeviceId',
    },
    {
      name: 'a path of users',
      line: 5,
      put: ["    paths: ['C:\\Users\\*\\Desktop\\x.exe']"],
      says: 'f.yaml:5: approvals[0].paths[0]: covers folders that users may write to',
    },
    ...[
      'C:\\**',
      'C:\\Program*\\**',
      'C:\\ProgramData\\x\\*',
      '\\\\server\\share\\*',
      '/home/x',
    ].map((glob) => ({
      name: `the path ${glob}`,
      line: 5,
      put: [`    paths: ['${glob}']`],
      says: 'covers folders that users may write to',
    })),
    ...['*', 'tvnserver.exe', '?:\\Windows\\x', 'C:\\Windows\\..\\x', 'C:tvn.exe'].map((glob) => ({
      name: `the path ${glob}`,
      line: 5,
      put: [`    paths: ['${glob}']`],
      says: 'takes a whole path',
    })),
    {
      name: 'no hash',
      line: 5,
      put: ['    sha256: [xyz]'],
      says: 'approvals[0].sha256[0]: is no SHA-256 in 64 hex digits',
    },
    {
      name: 'a process without a name',
      line: 5,
      put: [sound[4] ?? '', '    processes: [{}]'],
      says: 'f.yaml:6: approvals[0].processes[0]: names no process',
    },
    {
      name: 'an expiry that is over',
      line: 10,
      put: ['    expires: 2026-11-23'],
      says: 'f.yaml:10: approvals[0].expires: is over already',
    },
    {
      name: 'an expiry more than 365 days away',
      line: 10,
      put: ['    expires: 2027-11-24T12:00:00.0000001Z'],
      says: 'is more than 365 days away: 2027-11-24T12:00:00',
    },
    {
      name: 'an expiry that is no time',
      line: 10,
      put: ['    expires: soon'],
      says: 'takes a day as 2026-12-31',
    },
    {
      name: 'an id with a blank',
      line: 2,
      put: ['  - id: a b'],
      says: 'f.yaml:2: approvals[0].id: takes a-z',
    },
    {
      name: 'an alias',
      line: 4,
      put: ['    signers: &x [a]', '    thumbprints: *x'],
      says: 'has aliases',
    },
    {
      name: 'a list too long',
      line: 4,
      put: [`    signers: [${Array.from({ length: 201 }, (_, index) => `s${index}`).join(', ')}]`],
      says: 'f.yaml:4: approvals[0].signers: has more than 200 entries',
    },
  ])('$name', ({ line, put, says }) => {
    const { approvals, problems } = withLine(line, ...put);
    expect(approvals).toEqual([]);
    expect(problems.map(({ words }) => words).join('\n')).toContain(says);
  });

  test('an id that stands there twice, and the first of both is read', () => {
    const { approvals, problems } = parse([...sound, ...sound.slice(1)].join('\n'));
    expect(approvals).toHaveLength(1);
    expect(problems[0]?.words).toBe('f.yaml:11: approvals[1].id: one stands in this file twice');
  });

  test('a file too long', () => {
    expect(parse(' '.repeat(1_048_577)).problems[0]?.words).toContain('is longer than');
  });
});

test('365 days are still good', () => {
  expect(withLine(10, '    expires: 2027-11-24T12:00:00Z').problems).toEqual([]);
});
