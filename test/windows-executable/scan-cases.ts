import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { InspectReport } from '../../agent/commands/inspect-report.ts';
import type { FileCertificateRecord, SweepRow } from '../../parsers/record/columns.ts';
import { parseLines, runAgent } from '../agent/run-agent.ts';
import { corpusFolder, haveShared, sharedFolder } from '../corpus.ts';
import type { WineHost } from '../wine-host.ts';
import { changedFiles, listFiles } from './drive-files.ts';
import { recordFacts, recordFactsFor } from './same-records.ts';

const fixtures = path.join(import.meta.dirname, '../../fixtures');
const images = path.join(fixtures, 'pe');
const testRoot = path.join(fixtures, 'ca', 'root.pem');
const DEVICE = ['--device-id', 'ab'.repeat(20), '--device-name', 'PC7'];

/** `hostOf` gives the Windows once it runs. */
export function scanCases(hostOf: () => WineHost): void {
  let host: WineHost;
  beforeAll(() => {
    host = hostOf();
  });

  test('prints its version and help, and ends with 2 for an option that it does not know', async () => {
    const version = await host.runAgent('--version');
    expect(version).toMatchObject({ status: 0, stderr: '' });
    expect(version.stdout).toBe((await runAgent(['--version'])).stdout);
    const help = await host.runAgent('scan', '--help');
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toContain('certsweep scan / --format ndjson');
    const unknown = await host.runAgent('scan', '--nope');
    expect(unknown).toMatchObject({ status: 2, stdout: '' });
    expect(unknown.stderr).toContain("unknown option '--nope'");
  });

  describe('a scan records what one from source on Linux does', () => {
    test.for([
      { name: 'of the fixtures', tree: images, roots: testRoot, atLeast: 18, isThere: true },
      {
        name: 'of real files',
        tree: corpusFolder,
        roots: path.join(sharedFolder, 'roots'),
        atLeast: 150,
        isThere: haveShared(),
      },
    ])('$name', async ({ tree, roots, atLeast, isThere }, { skip }) => {
      if (!isThere) skip();
      const folder = host.newFolder(`scan ${path.basename(tree)}`);
      const empty = path.join(folder, 'no catalogs'); // else Windows searches its own
      mkdirSync(empty);
      const scan = (place: (file: string) => string, name: string) => [
        ...['scan', place(tree), '--roots', place(roots), '--catalogs', place(empty)],
        ...['--out', place(path.join(folder, name)), '--errors', place(errorsOf(folder, name))],
        ...['--format', 'ndjson', '--threads', '2', ...DEVICE],
      ];
      const windows = await host.runAgent(...scan((file) => host.wine.path(file), 'windows'));
      const linux = await runAgent(scan((file) => file, 'linux'));
      const flagged = { status: 1, stdout: '', stderr: expect.stringMatching(/^ {2}flagged +\d/m) };
      expect(windows).toEqual(flagged); // as a whole: status 1 alone could be Wine's
      expect(linux).toEqual(flagged);

      const found = recordFacts(readFileSync(path.join(folder, 'windows'), 'utf8'));
      expect(found.length).toBeGreaterThanOrEqual(atLeast);
      const expected = readFileSync(path.join(folder, 'linux'), 'utf8');
      expect(found).toEqual(recordFactsFor(host.wine, expected));

      const problems = (name: string) =>
        parseLines<{ path: string }>(readFileSync(errorsOf(folder, name), 'utf8'));
      const listed = problems('linux').map((line) => ({
        ...line,
        path: host.wine.path(line.path),
      }));
      expect(listed.length).toBeGreaterThan(1);
      expect(byPath(problems('windows'))).toEqual(byPath(listed));

      expect(sweepCounts(folder, 'windows')).toEqual(sweepCounts(folder, 'linux'));
    });
  });

  test('a scan reads paths of more than 260 characters and names in any script', async () => {
    const folder = host.newFolder('names');
    const parts = Array.from({ length: 7 }, (_, index) => `${'a'.repeat(59)}${index}`);
    const names = [
      'C:\\names\\mit Leerzeichen\\Ümläut.exe',
      'C:\\names\\Пример 日本語\\файл 文件 😀.exe',
      `C:\\names\\${parts.join('\\')}\\long.exe`,
      "C:\\names\\100% & $(x) 'quoted' ^caret!\\a;b,c=d.exe",
    ];
    for (const name of names) {
      const file = path.join(host.wine.driveC, ...name.split('\\').slice(1));
      mkdirSync(path.dirname(file), { recursive: true });
      copyFileSync(path.join(images, 'signed-pe32.exe'), file);
    }
    const run = await host.runAgent('scan', host.wine.path(folder), '--format', 'ndjson');
    expect(run.status).toBe(0); // nothing is flagged, all could be read
    const records = parseLines<FileCertificateRecord>(run.stdout);
    const found = records.map(({ FolderPath, FileName }) => `${FolderPath}\\${FileName}`);
    expect(found.toSorted()).toEqual(names.toSorted());
    expect(Math.max(...found.map(({ length }) => length))).toBeGreaterThan(400);
    expect(records.map(({ Signer }) => Signer)).toEqual(
      names.map(() => 'Example Software GmbH (certsweep test)'),
    );
  });

  test('a second scan with --state opens no file again, and records the same', async () => {
    const folder = host.newFolder('state');
    const scan = async (name: string): Promise<SweepRow> => {
      const out = path.join(folder, name);
      const to = ['--state', host.wine.path(folder), '--out', host.wine.path(out)];
      const options = ['--format', 'ndjson', '--roots', host.wine.path(testRoot), ...to];
      const run = await host.runAgent('scan', host.wine.path(images), ...options);
      expect(run.status).toBe(1);
      return JSON.parse(readFileSync(`${out}.sweep.json`, 'utf8')) as SweepRow;
    };
    const { Files, Unchanged } = await scan('first');
    expect(Unchanged).toBe(0);
    expect(await scan('second')).toMatchObject({ Files, Unchanged: Files });
    const [first, second] = ['first', 'second'].map((name) =>
      recordFacts(readFileSync(path.join(folder, name), 'utf8')),
    );
    expect(first).toHaveLength(18);
    expect(second).toEqual(first);
  });

  test('of two scans at once with one state, the second says that it is in use', async () => {
    const folder = host.newFolder('shared state');
    const scan = ['scan', host.wine.path(host.agent), '--state', host.wine.path(folder)];
    // Its own 95 MB, slowly enough for another start.
    const first = host.startAgent(...scan, '--format', 'ndjson', '--io-limit', '20');
    const lock = path.join(folder, 'lock');
    await expect.poll(() => existsSync(lock), { timeout: 30_000 }).toBe(true);
    const second = await host.runAgent(...scan);
    expect(second).toMatchObject({ status: 2, stdout: '' });
    expect(second.stderr).toMatch(/C:\\shared state is in use by certsweep process \d+: wait/);
    const { status, stdout } = await first.ended();
    expect(status).toBe(0);
    expect(parseLines(stdout)).toMatchObject([
      { FileName: 'certsweep.exe', ProductName: 'certsweep', SignatureStatus: 'NotSigned' },
    ]);
  });

  test('a scan writes where it was told, and nowhere else on drive C', async () => {
    const folder = host.newFolder('written');
    const before = listFiles(host.wine.driveC);
    const out = ['--format', 'html', '--out', host.wine.path(path.join(folder, 'page.html'))];
    expect(await host.runAgent('scan', host.wine.path(images), ...out)).toMatchObject({
      status: 1,
    });
    const written = changedFiles(before, listFiles(host.wine.driveC));
    expect(written).toEqual([path.join('written', 'page.html')]);
    expect(readFileSync(path.join(folder, 'page.html'), 'utf8')).toContain('glavsoft-tampered.exe');
  });

  test('inspect says of a file what it says on Linux, and 2 for one that is not there', async () => {
    const args = ['--format', 'json', '--roots'];
    const file = path.join(images, 'dual-signed.exe');
    const linux = await runAgent(['inspect', file, ...args, testRoot]);
    const windows = await host.runAgent(
      'inspect',
      host.wine.path(file),
      ...args,
      host.wine.path(testRoot),
    );
    expect(windows).toMatchObject({ status: 0, stderr: '' });
    expect(linux.status).toBe(0);
    const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
    const { trust, ...report } = JSON.parse(windows.stdout) as InspectReport;
    const { trust: _, ...expected } = JSON.parse(
      linux.stdout
        .replaceAll(inJson(file), inJson(host.wine.path(file)))
        .replaceAll(inJson(testRoot), inJson(host.wine.path(testRoot))),
    ) as InspectReport;
    expect(report).toEqual(expected);
    expect(report.signatures).toHaveLength(2);
    expect(trust).toMatchObject({ codeSigning: 1, judges: true });
    const missing = await host.runAgent('inspect', 'C:\\missing.exe');
    expect(missing).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('C:\\missing.exe'),
    });
  });
}

const errorsOf = (folder: string, name: string) => path.join(folder, `${name}.errors`);

function byPath<Row extends { readonly path: string }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function sweepCounts(folder: string, name: string): Partial<SweepRow> {
  const row = JSON.parse(readFileSync(path.join(folder, `${name}.sweep.json`), 'utf8')) as SweepRow;
  const { Complete, Files, Images, Bytes, Records, Signed, Flagged, Malformed, OtherKinds } = row;
  const { RuleDigest, RootDigest, Skipped } = row;
  return {
    Complete,
    Files,
    Images,
    Bytes,
    Records,
    Signed,
    Flagged,
    Malformed,
    OtherKinds,
    RuleDigest,
    RootDigest,
    Skipped,
  };
}
