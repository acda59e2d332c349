import { readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { hashedId } from '../../../agent/device.ts';
import type { FileCertificateRecord, SweepRow } from '../../../parsers/record/columns.ts';
import { parseLines, runAgent } from '../run-agent.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { MACHINE_GUID, windowsFiles } from './windows-image.ts';

const folder = temporaryFolder();
const image = path.join(folder, 'mnt');
writeTree(image, windowsFiles());
// What Windows has for old programs, and what an intruder would like to have followed.
const outside = path.join(folder, 'mine');
writeTree(outside, { 'secret.exe': windowsFiles()['top.exe'] ?? '' });
symlinkSync('\\??\\C:\\Users', path.join(image, 'Documents and Settings'));
symlinkSync(outside, path.join(image, 'Users', 'mine'));
symlinkSync('unsupported reparse tag 0x80000017', path.join(image, 'Windows', 'packed.exe'));
symlinkSync('../../../mine/secret.exe', path.join(image, 'Users', 'secret.exe'));

const NAMED = ['--device-name', 'web7.corp.example'];
const NDJSON = ['--format', 'ndjson'];

interface ImageScan {
  readonly status: number | null;
  readonly stderr: string;
  readonly records: readonly FileCertificateRecord[];
  readonly stdout: string;
}

async function scan(root: string, ...args: string[]): Promise<ImageScan> {
  const run = await runAgent(['scan', '--image-root', root, ...NDJSON, ...args]);
  return { ...run, records: parseLines<FileCertificateRecord>(run.stdout) };
}

/** Paths as records have them, in order. */
function pathsOf(records: readonly FileCertificateRecord[]): string[] {
  return records.map(({ FolderPath, FileName }) => `${FolderPath}|${FileName}`).sort();
}

describe('scan --image-root', () => {
  test('gives the whole volume as its own machine would name it, and trusts what that machine trusts', async () => {
    const out = path.join(folder, 'sweep.ndjson');
    const errors = path.join(folder, 'errors.ndjson');
    const { status, stderr } = await scan(
      image,
      ...NAMED,
      '--follow-links',
      '--out',
      out,
      '--errors',
      errors,
    );
    expect(status).toBe(1);
    const records = parseLines<FileCertificateRecord>(readFileSync(out, 'utf8'));
    expect(pathsOf(records)).toEqual([
      'C:\\Users\\Ann\\Downloads|Tool.exe',
      'C:\\Users\\Ann|broken.exe',
      'C:\\Windows\\System32\\CatRoot\\{F750E6C3-38EE-11D1-85E5-00C04FC295EE}|test.cat',
      'C:\\Windows\\System32|driver.exe',
      'C:\\|top.exe',
    ]);
    for (const record of records)
      expect(record).toMatchObject({
        DeviceId: hashedId(MACHINE_GUID),
        DeviceIdSource: 'machine-id',
        DeviceName: 'web7.corp.example',
      });
    expect(records.find(({ FileName }) => FileName === 'Tool.exe')).toMatchObject({
      SignatureStatus: 'Trusted',
      TrustSource: 'image-store',
      MatchGrade: 'signature-trusted',
    });
    expect(records.find(({ FileName }) => FileName === 'driver.exe')).toMatchObject({
      SignatureType: 'Catalog',
      SignatureStatus: 'Trusted',
      Signer: 'Example Software GmbH (certsweep test)',
      Findings: [
        {
          code: 'CATALOG',
          detail:
            'signed by catalog C:\\Windows\\System32\\CatRoot\\{F750E6C3-38EE-11D1-85E5-00C04FC295EE}\\test.cat',
        },
      ],
    });
    const problems = parseLines<{ path: string }>(readFileSync(errors, 'utf8'));
    expect(problems.sort((left, right) => (left.path < right.path ? -1 : 1))).toMatchObject([
      { path: 'C:\\Users\\Ann\\broken.exe', reason: 'malformed' },
      { path: 'C:\\Windows\\packed.exe', reason: 'unreadable', code: 'reparse-point' },
    ]);
    expect(JSON.parse(readFileSync(`${out}.sweep.json`, 'utf8')) as SweepRow).toMatchObject({
      Roots: ['C:\\'],
      DeviceName: 'web7.corp.example',
      TrustSource: 'image-store',
      Complete: false,
      Skipped: { unreadable: 1, 'already-seen': 1, 'symbolic-link': 1, 'broken-link': 1 },
    });
    expect(stderr).toContain('image-store: 1 roots for code, 1 for timestamps');
    expect(stderr).toContain('C:\\Users\\Ann\\Downloads\\Tool.exe');
  });

  test('shows the paths of the image in the table, too', async () => {
    const { stdout } = await runAgent(['scan', '--image-root', image, ...NAMED, 'C:\\Users']);
    expect(stdout).toContain('  C:\\Users\\Ann\\Downloads\\Tool.exe\n');
    expect(stdout).not.toContain(folder);
  });

  test('calls it by another letter where it has one', async () => {
    const { records } = await scan(image, ...NAMED, '--image-drive', 'd:', 'D:\\Users');
    expect(pathsOf(records)[0]).toBe('D:\\Users\\Ann\\Downloads|Tool.exe');
  });
});

describe('scan refuses', () => {
  test('an image without the name of its host, and says what its files say', async () => {
    const { status, stderr, stdout } = await runAgent(['scan', '--image-root', image]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('add --device-name NAME');
    expect(stderr).toContain('its own files say web7.corp.example');
  });

  test.each([
    { name: 'nothing to scan', args: [], says: 'Name files or directories' },
    {
      name: 'a state for an image',
      args: ['--image-root', image, ...NAMED, '--state', folder],
      says: '--state',
    },
    { name: 'a drive without an image', args: ['/', '--image-drive', 'C'], says: '--image-root' },
  ])('$name', async ({ args, says }) => {
    const { status, stderr } = await runAgent(['scan', ...args]);
    expect(status).toBe(2);
    expect(stderr).toContain(says);
  });
});

test('a hive that is none gives no roots: others judge, and that is said', async () => {
  const root = path.join(folder, 'corrupt');
  writeTree(root, {
    'WINDOWS/system32/config/software': 'regf and nothing behind it',
    'tool.exe': windowsFiles()['top.exe'] ?? '',
  });
  const { records, stderr } = await scan(root, ...NAMED, '--device-id', 'ab'.repeat(20));
  expect(records).toMatchObject([
    { DeviceId: 'ab'.repeat(20), DeviceIdSource: 'option', IsTrusted: null },
  ]);
  expect(stderr).toContain(
    "the image's own roots do not judge: C:\\WINDOWS\\system32\\config\\software",
  );
  expect(stderr).toContain('tls-roots');
});
