import {
  chmodSync,
  lstatSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { isRuleHit } from '../../../agent/report/sweep-tally.ts';
import type { FileCertificateRecord } from '../../../parsers/record/columns.ts';
import { peBytes } from '../pe-bytes.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { DAY, HOUR, type SweepOnceOptions, sweepOnce } from './sweep-once.ts';

const fixtures = path.join(import.meta.dirname, '../../../fixtures/pe');
const fixture = (name: string) => readFileSync(path.join(fixtures, name));
const glavsoft = fixture('glavsoft-sha256-rfc3161.exe');

const top = temporaryFolder();
let run = 0;
let folder = '';
let stateFolder = '';
beforeEach(() => {
  run += 1;
  folder = path.join(top, `tree-${run}`);
  stateFolder = path.join(top, `state-${run}`);
  writeTree(folder, {
    'vnc/server.exe': glavsoft,
    'vnc/readme.txt': 'text',
    'vnc/broken.exe': fixture('glavsoft-malformed.exe'),
    'plain.exe': peBytes(),
    'signed.dll': fixture('dual-signed.exe'),
    'notes.txt': 'more text',
    empty: '',
  });
});
const FILES = 7;
const IMAGES = 4;

const sweep = (options: Partial<SweepOnceOptions> = {}) =>
  sweepOnce({ paths: [folder], stateFolder, ...options });
const nameOf = ({ FolderPath, FileName }: FileCertificateRecord) =>
  path.relative(folder, path.join(FolderPath ?? '', FileName ?? ''));

describe('a sweep of unchanged files', () => {
  test('opens none and says the same as the first', async () => {
    const first = await sweep();
    const second = await sweep({ laterMs: 2 * HOUR });
    const ofTheSweep = { ScanId: '', StartTime: '', EndTime: '', Timestamp: '', Unchanged: 0 };
    expect({ ...second.row, ...ofTheSweep }).toEqual({ ...first.row, ...ofTheSweep });
    expect([first.row.Unchanged, second.row.Unchanged]).toEqual([0, FILES]);
    expect(first.row).toMatchObject({ Files: FILES, Images: IMAGES, Malformed: 1, GoneFlagged: 0 });
    expect(first.problems).toHaveLength(1);
    expect(second.problems).toEqual(first.problems);
  });

  test('writes the records of the first, confirmed anew', async () => {
    const first = await sweep();
    const second = await sweep({ laterMs: 2 * HOUR });
    const ofTheSweep = { Timestamp: '', ReportId: 0, ScanId: '' };
    const plain = (records: readonly FileCertificateRecord[]) =>
      records
        .map((record) => JSON.stringify({ ...record, ...ofTheSweep })) // the order of the keys counts
        .sort();
    expect(first.records.length).toBeGreaterThan(IMAGES);
    expect(plain(second.records)).toEqual(plain(first.records));
    const before = first.records.find(({ FileName }) => FileName === 'server.exe');
    const after = second.records.find(({ FileName }) => FileName === 'server.exe');
    expect(after?.ScanId).toBe(second.row.ScanId);
    expect(after?.ReadTime).toBe(before?.ReadTime);
    expect(Date.parse(after?.Timestamp ?? '')).toBeGreaterThan(Date.parse(before?.Timestamp ?? ''));
  });

  test('counts ReportIds on from those of the sweep before, without a gap', async () => {
    const idsOf = ({ records }: { records: readonly FileCertificateRecord[] }) =>
      records.map(({ ReportId }) => ReportId ?? 0).sort((a, b) => a - b);
    const first = idsOf(await sweep());
    const second = idsOf(await sweep());
    const start = first[0] ?? 0;
    const all = [...first, ...second];
    expect(all).toEqual(all.map((_, index) => start + index));
  });

  test('after a killed one takes ReportIds that were never given', async () => {
    const first = await sweep({ isSettled: false });
    const second = await sweep();
    const highest = Math.max(...first.records.map(({ ReportId }) => ReportId ?? 0));
    for (const { ReportId } of second.records) expect(ReportId).toBeGreaterThan(highest);
  });

  test('after a killed one says so, once', async () => {
    const first = await sweep({ isSettled: false });
    const second = await sweep();
    const third = await sweep();
    expect([first.notice, third.notice]).toEqual([undefined, undefined]);
    expect(second.notice).toMatch(
      /^the last sweep with this state, begun 20\d\d-\S+Z, did not come to its end: files/,
    );
  });
});

describe('a file is read again', () => {
  test.each([
    {
      name: 'written with the same size and modification time',
      change(file: string) {
        const { atime, mtime } = lstatSync(file);
        writeFileSync(file, fixture('glavsoft-tampered.exe').subarray(0, glavsoft.length));
        utimesSync(file, atime, mtime);
      },
    },
    { name: 'cut short', change: (file: string) => truncateSync(file, 600) },
    { name: 'of another mode', change: (file: string) => chmodSync(file, 0o400) },
    {
      name: 'moved over by another',
      change(file: string) {
        writeFileSync(`${file}.new`, glavsoft);
        renameSync(`${file}.new`, file);
      },
    },
  ])('$name', async ({ change }) => {
    await sweep();
    const file = path.join(folder, 'vnc/server.exe');
    change(file);
    const { row, records } = await sweep();
    expect(row.Unchanged).toBe(FILES - 1);
    expect(records.find((record) => nameOf(record) === 'vnc/server.exe')?.FileSize).toBe(
      lstatSync(file).size,
    );
  });

  test('under its new name', async () => {
    await sweep();
    renameSync(path.join(folder, 'notes.txt'), path.join(folder, 'notes.ps1'));
    const { row } = await sweep();
    expect(row).toMatchObject({ Files: FILES, Unchanged: FILES - 1 });
  });

  test('where a later write could have left the same times, as with a clock that is behind', async () => {
    await sweep({ laterMs: -HOUR });
    expect((await sweep()).row.Unchanged).toBe(0);
    expect((await sweep()).row.Unchanged).toBe(FILES);
  });

  test('after 30 days, and a part of them from the 20th on', async () => {
    const many = path.join(folder, 'many');
    writeTree(many, Object.fromEntries([...Array(40).keys()].map((n) => [`${n}.txt`, 'x'])));
    const { row } = await sweep({ paths: [many] });
    const unchangedAfter = async (days: number) => {
      const laterMs = HOUR + days * DAY;
      return (await sweep({ paths: [many], laterMs, isSettled: false })).row.Unchanged ?? 0;
    };
    expect(row.Files).toBe(40);
    expect(await unchangedAfter(19.9)).toBe(40);
    const between = await unchangedAfter(25);
    expect(between).toBeGreaterThan(0);
    expect(between).toBeLessThan(40);
  });

  test('at the latest after 30 days', async () => {
    await sweep();
    expect((await sweep({ laterMs: HOUR + 30 * DAY })).row.Unchanged).toBe(0);
  });
});

describe('what judges has changed:', () => {
  test('signed files are read again, the rest is not', async () => {
    await sweep();
    const distrust = path.join(top, `distrust-${run}`);
    writeFileSync(distrust, `${'ab'.repeat(20)}\n`);
    const { row } = await sweep({ distrust });
    expect(row.Unchanged).toBe(FILES - 3); // server.exe, broken.exe and signed.dll
    expect((await sweep({ distrust })).row.Unchanged).toBe(FILES);
  });

  test('another set of roots has another digest, in the sweep row as well', async () => {
    const first = await sweep();
    const roots = path.join(import.meta.dirname, '../../../fixtures/ca/root.pem');
    const { row } = await sweep({ roots: [roots] });
    expect(row.Unchanged).toBe(FILES - 3);
    expect(row.RootDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(row.RootDigest).not.toBe(first.row.RootDigest);
  });
});

describe('with changedOnly', () => {
  test('flagged files are reported at every sweep, others when they change and after four days', async () => {
    const changedOnly = true;
    const first = await sweep({ changedOnly });
    expect(new Set(first.records.map(nameOf))).toEqual(
      new Set(['vnc/server.exe', 'vnc/broken.exe', 'plain.exe', 'signed.dll']),
    );
    const flagged = new Set(first.records.filter(isRuleHit).map(nameOf));
    expect(flagged).toContain('vnc/server.exe');
    const second = await sweep({ changedOnly, laterMs: HOUR + 3.9 * DAY });
    expect(new Set(second.records.map(nameOf))).toEqual(flagged);
    expect(second.row).toMatchObject({ Images: IMAGES, Bytes: first.row.Bytes });
    writeFileSync(path.join(folder, 'plain.exe'), peBytes({ size: 2048 }));
    const third = await sweep({ changedOnly, laterMs: HOUR + 3.9 * DAY });
    expect(new Set(third.records.map(nameOf))).toEqual(new Set([...flagged, 'plain.exe']));
    const fourth = await sweep({ changedOnly, laterMs: 2 * HOUR + 4 * DAY });
    expect(new Set(fourth.records.map(nameOf))).toContain('signed.dll');
    expect(new Set(fourth.records.map(nameOf))).not.toContain('plain.exe');
  });

  test('a sweep without unsigned files keeps them for one that wants them', async () => {
    const first = await sweep({ unsigned: false });
    expect(first.records.map(nameOf)).not.toContain('plain.exe');
    const second = await sweep({ changedOnly: true });
    expect(second.row.Unchanged).toBe(FILES);
    expect(second.records.map(nameOf)).toContain('plain.exe');
  });
});

test('the records of a file that is gone are not written', async () => {
  await sweep();
  rmSync(path.join(folder, 'signed.dll'));
  const { records } = await sweep();
  expect(records.map(nameOf)).not.toContain('signed.dll');
});
