import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type FileCertificateRecord,
  recordColumns,
  type SweepRow,
  sweepColumns,
} from '../../parsers/record/columns.ts';
import { fakeCollector } from './fake-collector.ts';
import { peBytes } from './pe-bytes.ts';
import { parseLines, runAgent } from './run-agent.ts';
import { temporaryFolder, writeTree } from './temporary-folder.ts';
import { unprivileged } from './unprivileged.ts';

const folder = temporaryFolder();
chmodSync(folder, 0o755);
const fixtures = path.join(import.meta.dirname, '../../fixtures/pe');
const glavsoft = readFileSync(path.join(fixtures, 'glavsoft-sha256-rfc3161.exe'));

const clean = path.join(folder, 'clean');
writeTree(clean, { 'a.exe': peBytes(), 'b.txt': 'text', 'sub/c.dll': peBytes({ size: 2000 }) });
const flagged = path.join(folder, 'flagged');
writeTree(flagged, { 'renamed.txt': glavsoft, 'a.exe': peBytes() });

const NDJSON = ['--format', 'ndjson'];

describe('scan writes', () => {
  test('one record a line and nothing else on standard output, every column in order', async () => {
    const { status, stdout, stderr } = await runAgent(['scan', flagged, ...NDJSON]);
    expect(status).toBe(1);
    const records = parseLines<FileCertificateRecord>(stdout);
    expect(records).toHaveLength(2);
    for (const record of records) expect(Object.keys(record)).toEqual(Object.keys(recordColumns));
    expect(records.find(({ IsSigned }) => IsSigned)).toMatchObject({
      FolderPath: flagged,
      FileName: 'renamed.txt',
      Signer: 'GlavSoft LLC (certsweep test)',
      SignatureType: 'Embedded',
      SignatureStatus: 'NotJudged',
      IsTrusted: null,
      Rules: ['18f7c17b-65d4-4263-b9e2-587e84233989'],
      MatchGrade: 'signature-unverified',
      SHA1: createHash('sha1').update(glavsoft).digest('hex'),
    });
    expect(records.find(({ IsSigned }) => !IsSigned)).toMatchObject({
      SignatureStatus: 'CatalogNotSearched',
      IsTrusted: null,
      Rules: [],
      ReceivedTime: null,
    });
    expect(stderr).toContain('flagged     1');
  });

  test('a file and beside it the sweep row with its digest, and leaves nothing else', async () => {
    const out = path.join(folder, 'out', 'sweep.ndjson');
    mkdirSync(path.dirname(out));
    const device = ['--device-id', 'AB'.repeat(20), '--device-name', 'host.example'];
    const { status, stdout } = await runAgent(['scan', clean, ...NDJSON, '--out', out, ...device]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    const sweep = JSON.parse(readFileSync(`${out}.sweep.json`, 'utf8')) as SweepRow;
    expect(Object.keys(sweep)).toEqual(Object.keys(sweepColumns));
    expect(sweep).toMatchObject({
      DeviceId: 'ab'.repeat(20),
      DeviceName: 'host.example',
      Complete: true,
      Interrupted: false,
      Roots: [clean],
      Entries: 4,
      Directories: 2,
      Files: 3,
      Bytes: 3024,
      Images: 2,
      Records: 2,
      Signed: 0,
      OtherKinds: { other: 1 },
      RecordsDigest: createHash('sha256').update(readFileSync(out)).digest('hex'),
    });
    expect(readdirSync(path.dirname(out)).sort()).toEqual([
      'sweep.ndjson',
      'sweep.ndjson.sweep.json',
    ]);
  });

  test('a table whose flagged files come in full at its end, and no terminal codes into a pipe', async () => {
    const { stdout } = await runAgent(['scan', flagged]);
    expect(stdout).toContain(
      `FLAG  not judged     ?    GlavSoft LLC (certsweep…  ${flagged}/renamed.txt`,
    );
    expect(stdout).toContain('signer  GlavSoft LLC (certsweep test) (certificate ');
    expect(stdout).not.toContain('\u001b');
  });

  test('names escaped where a person reads them', async () => {
    const root = path.join(folder, 'hostile');
    writeTree(root, { 'a\u001b[2J\u202Eexe\nFLAG': peBytes() });
    const { stdout } = await runAgent(['scan', root]);
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stdout).toContain('a\\u{1b}[2J\\u{202e}exe\\nFLAG');
  });

  test('no records of unsigned files with --no-unsigned', async () => {
    const { stdout } = await runAgent(['scan', flagged, ...NDJSON, '--no-unsigned']);
    expect(parseLines<FileCertificateRecord>(stdout).map(({ FileName }) => FileName)).toEqual([
      'renamed.txt',
    ]);
  });
});

describe('scan ends with', () => {
  test.each([
    { name: '0 when nothing is flagged', args: [clean], status: 0 },
    { name: '1 when something is flagged', args: [flagged], status: 1 },
    {
      name: '0 all the same with --fail-on never',
      args: [flagged, '--fail-on', 'never'],
      status: 0,
    },
    {
      name: '0 when the flagged file is excluded',
      args: [flagged, '--exclude', '*.txt'],
      status: 0,
    },
    {
      name: '3 when an image was too large to read',
      args: [clean, '--max-file-size', '1500'],
      status: 3,
    },
    { name: '2 for a path that is not there', args: [path.join(folder, 'nope')], status: 2 },
    {
      name: '2 for one bad path among good ones',
      args: [clean, path.join(folder, 'nope')],
      status: 2,
    },
    {
      name: '2 for a list of errors in the place of the sweep row',
      args: [
        ...[clean, '--out', path.join(folder, 'x')],
        ...['--errors', path.join(folder, 'x.sweep.json')],
      ],
      status: 2,
    },
    { name: '2 without a path', args: [], status: 2 },
    { name: '2 for an unknown option', args: [clean, '--bogus'], status: 2 },
    { name: '2 for a bad number', args: [clean, '--threads', '0'], status: 2 },
    { name: '2 for a device id that is none', args: [clean, '--device-id', 'abc'], status: 2 },
    { name: '2 for an output that is a device', args: [clean, '--out', '/dev/null'], status: 2 },
    {
      name: '2 for an output folder that is not there',
      args: [clean, '--out', '/nope/x'],
      status: 2,
    },
    { name: '2 for a collector that is no address', args: [clean, '--collector', 'x'], status: 2 },
  ])('$name', async ({ args, status }) => {
    const run = await runAgent(['scan', ...NDJSON, ...args]);
    expect(run.status).toBe(status);
    if (status === 2) expect(run.stdout).toBe('');
    if (status === 2) expect(run.stderr).toMatch(/^(error|certsweep): .+\n$/);
  });
});

test('scan judges by the roots it is given, and names them in records, sweep row and summary', async () => {
  const root = path.join(import.meta.dirname, '../../fixtures/ca/root.pem');
  const out = path.join(folder, 'judged.ndjson');
  const args = ['scan', flagged, ...NDJSON, '--out', out, '--roots', root, '--no-unsigned'];
  const { stderr, status } = await runAgent(args);
  expect(status).toBe(1);
  expect(stderr).toContain(`roots:${root}: 1 roots for code, 1 for timestamps`);
  expect(parseLines<FileCertificateRecord>(readFileSync(out, 'utf8'))).toMatchObject([
    { IsTrusted: true, SignatureStatus: 'Trusted', TrustSource: `roots:${root}` },
  ]);
  expect(JSON.parse(readFileSync(`${out}.sweep.json`, 'utf8'))).toMatchObject({
    TrustSource: `roots:${root}`,
  });
});

test('scan without code-signing roots at hand says so, and judges nothing', async () => {
  const { stdout, stderr } = await runAgent(['scan', flagged, ...NDJSON, '--no-unsigned']);
  expect(stderr.match(/NO CODE-SIGNING ROOTS AT HAND/g)).toHaveLength(1);
  expect(parseLines<FileCertificateRecord>(stdout)).toMatchObject([
    { IsTrusted: null, SignatureStatus: 'NotJudged', TrustSource: 'tls-roots' },
  ]);
});

test('scan refuses roots that are none, before it reads a file', async () => {
  const { stderr, stdout, status } = await runAgent([
    'scan',
    clean,
    ...NDJSON,
    '--roots',
    'absent',
  ]);
  expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
  expect(stderr).toContain('absent');
});

test('what cannot be read is listed, counted and shown by exit status 3', async () => {
  const root = path.join(folder, 'private');
  writeTree(root, {
    'secret.exe': peBytes(),
    'closed/hidden.exe': peBytes(),
    'open.exe': peBytes(),
  });
  chmodSync(path.join(root, 'secret.exe'), 0);
  chmodSync(path.join(root, 'closed'), 0);
  const out = path.join(folder, 'errors');
  mkdirSync(out, { recursive: true });
  chmodSync(out, 0o777);
  const errors = path.join(out, 'errors.ndjson');
  const args = ['scan', root, ...NDJSON, '--errors', errors];
  const { status, stdout, stderr } = await runAgent(args, { through: unprivileged() });
  chmodSync(path.join(root, 'closed'), 0o755);
  expect(stderr).toContain('not read    unreadable 2');
  expect(stderr).toContain('NOT COMPLETE');
  expect(status).toBe(3);
  expect(parseLines<FileCertificateRecord>(stdout)).toMatchObject([{ FileName: 'open.exe' }]);
  const problems = parseLines<{ path: string }>(readFileSync(errors, 'utf8'));
  expect(problems.sort((a, b) => a.path.localeCompare(b.path))).toMatchObject([
    { path: path.join(root, 'closed'), reason: 'unreadable', code: 'EACCES', offset: null },
    { path: path.join(root, 'secret.exe'), reason: 'unreadable', code: 'EACCES', offset: null },
  ]);
});

describe('a scan that is interrupted', () => {
  /** Far more records than a pipe holds or one request ships: the scan is in its middle when the first of them arrive. */
  const FILES = 12_000;
  const root = path.join(folder, 'many');
  const files = Array.from({ length: FILES }, (_, index) => `${index % 40}/${index}.exe`);
  writeTree(root, Object.fromEntries(files.map((name) => [name, peBytes()])));

  test('writes and ships what it has found, says so, and ends with 130', async () => {
    const out = path.join(folder, 'interrupted.ndjson');
    let agent: ChildProcess | undefined;
    let batches = 0;
    const collector = await fakeCollector(() => {
      if (batches++ === 0) agent?.kill('SIGINT');
    });
    const { status, stderr } = await runAgent(
      ['scan', root, ...NDJSON, '--out', out, '--collector', collector.url],
      {
        onStart: (child) => {
          agent = child;
        },
      },
    );
    await collector.close();
    expect(status).toBe(130);
    expect(stderr).toContain('INTERRUPTED');
    const records = parseLines<FileCertificateRecord>(readFileSync(out, 'utf8'));
    const sweep = JSON.parse(readFileSync(`${out}.sweep.json`, 'utf8')) as SweepRow;
    expect(sweep).toMatchObject({ Interrupted: true, Complete: false, Records: records.length });
    expect(records.length).toBeLessThan(FILES);
    expect(collector.rows('AgentFileCertificateInfo')).toEqual(records);
    expect(collector.rows('AgentSweepInfo')).toMatchObject([{ Interrupted: true }]);
  });

  test('stops quietly where the reader of its output goes away', async () => {
    const { status, stderr } = await runAgent(['scan', root, ...NDJSON], {
      onStart: ({ stdout }) => stdout?.once('data', () => stdout.destroy()),
    });
    expect({ status, stderr }).toEqual({ status: 130, stderr: '' });
  });
});
