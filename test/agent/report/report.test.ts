import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { displayWidth, fitEnd, fitStart } from '../../../agent/report/display-width.ts';
import { progressText } from '../../../agent/report/progress.ts';
import { summary } from '../../../agent/report/summary.ts';
import { SweepTally, toSweepRow } from '../../../agent/report/sweep-tally.ts';
import { tableHeader, tableRow } from '../../../agent/report/table.ts';
import { TextFile } from '../../../agent/report/text-file.ts';
import { toRecords } from '../../../parsers/record/to-record.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();

describe('a table row', () => {
  const [record] = toRecords(
    {
      folderPath: '/mnt/c/Program Files/A folder with a long name/株式会社',
      fileName: 'tvnserver.exe',
      fileKind: 'pe',
      size: 1,
      sha1: '',
      sha256: '',
      createdMs: 0,
      modifiedMs: 0,
      readMs: 0,
    },
    { reports: [], malformed: [] },
    {
      deviceId: '',
      deviceIdSource: 'option',
      deviceName: '',
      machineGroup: null,
      scanId: '',
      agentVersion: '',
      nextReportId: () => 1,
    },
  );
  if (record === undefined) throw new Error('no record');

  test('fills 80 columns of a terminal, wide letters counted as two, and keeps the end of the path', () => {
    const row = tableRow({ ...record, Signer: '株式会社'.repeat(5), Rules: ['x'] }, 80);
    expect(row).toBe(
      'FLAG  unsigned            株式会社株式会社株式会…   …name/株式会社/tvnserver.exe\n',
    );
    expect(displayWidth(row.trimEnd())).toBeLessThanOrEqual(80);
  });

  test('is whole where the output is no terminal', () => {
    expect(tableRow(record, undefined)).toContain(
      '/mnt/c/Program Files/A folder with a long name/株式会社/tvnserver.exe\n',
    );
    expect(tableHeader()).toBe('FLAG  STATUS         CRL  SIGNER                    PATH\n');
  });
});

test.each([
  { text: 'abc', start: 'abc  ', end: 'abc' },
  { text: 'abcde', start: 'abcde', end: 'abcde' },
  { text: 'abcdef', start: 'abcd…', end: '…cdef' },
  { text: '株式会社', start: '株式…', end: '…会社' },
  { text: 'e\u0301e\u0301e\u0301', start: 'e\u0301e\u0301e\u0301  ', end: 'e\u0301e\u0301e\u0301' },
])('$text in five columns', ({ text, start, end }) => {
  expect(fitStart(text, 5)).toBe(start);
  expect(fitEnd(text, 5)).toBe(end);
});

describe('TextFile', () => {
  test('is not there until it is committed, and leaves nothing when it is abandoned', () => {
    const file = new TextFile(path.join(folder, 'a'));
    file.write('some text');
    expect(readdirSync(folder)).not.toContain('a');
    expect(file.commit()).toBe('b94f6f125c79e3a5ffaa826f584c10d52ada669e6762051b826b55776d05aed2');
    file.abandon();
    expect(readFileSync(path.join(folder, 'a'), 'utf8')).toBe('some text');

    const second = new TextFile(path.join(folder, 'a'));
    second.write('other');
    second.abandon();
    expect(readdirSync(folder)).toEqual(['a']);
    expect(readFileSync(path.join(folder, 'a'), 'utf8')).toBe('some text');
  });

  test('refuses what is no regular file', () => {
    expect(() => new TextFile('/dev/null')).toThrow('not a regular file');
    expect(() => new TextFile(folder)).toThrow('not a regular file');
  });
});

describe('the counts of a sweep', () => {
  const tally = new SweepTally(() => {});
  const problem = { path: '/a', code: null, offset: null, detail: '' };
  tally.problem({ ...problem, reason: 'malformed' });
  tally.problem({ ...problem, reason: 'malformed' });
  tally.problem({ ...problem, reason: 'gone' });
  tally.problem({ ...problem, reason: 'unreadable' });
  tally.count('symbolic-link');
  tally.batch({
    files: 10,
    images: [],
    linked: [],
    hardLinks: 0,
    problems: [],
    otherKinds: { elf: 3, mz: 1 },
  });
  const row = toSweepRow(tally, {
    deviceId: '',
    deviceName: '',
    machineGroup: null,
    scanId: '',
    startMs: 0,
    endMs: 2500,
    interrupted: false,
    roots: [],
    gone: undefined,
    ruleDigest: '',
    rootDigest: '',
    trustSource: 'tls-roots',
    liveContext: 'off',
    agentVersion: '',
  });

  test('make a sweep row that is incomplete, with a malformed file counted once', () => {
    expect(row).toMatchObject({
      Complete: false,
      Malformed: 1,
      Skipped: { gone: 1, unreadable: 1, 'symbolic-link': 1 },
      OtherKinds: { elf: 3, mz: 1 },
    });
  });

  test('are all in the summary', () => {
    const text = summary(row, {
      flagged: [],
      flaggedFiles: 0,
      hasErrorFile: false,
      trust: ['imported', 'more'],
    });
    expect(text).toContain('10 files in 0 directories in 2.5 s');
    expect(text).toContain('malformed   1 files (--errors FILE lists them)');
    expect(text).toContain('not read    gone 1, unreadable 1, symbolic-link 1');
    expect(text).toContain('other kinds elf 3, mz 1');
    expect(text).toContain('trust       imported\n              more\n');
    expect(text).toContain('NOT COMPLETE');
  });

  test('are in the progress line', () => {
    expect(progressText(tally, 2)).toBe('10 files (5/s), 0 flagged, 1 not read, 0 images (0 MB/s)');
  });
});
