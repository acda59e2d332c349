import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { tinyImage } from '../../build/fixtures/tiny-image.ts';
import type { FileCertificateRecord, SweepRow } from '../../parsers/record/columns.ts';
import { fakeCollector } from './fake-collector.ts';
import { peBytes } from './pe-bytes.ts';
import { parseLines, runAgent } from './run-agent.ts';
import { temporaryFolder, writeTree } from './temporary-folder.ts';

const TIGHTVNC = '18f7c17b-65d4-4263-b9e2-587e84233989';
const folder = temporaryFolder();

const version = {
  CompanyName: 'GlavSoft LLC.',
  ProductName: 'TightVNC',
  OriginalFilename: 'tvnserver.exe',
  FileVersion: '2.8.11.0',
};
const claiming = tinyImage({ format: 'pe32', dll: false, version }, 'look-alike');

function treeOf(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  const root = path.join(folder, name);
  writeTree(root, files);
  return root;
}
const mixed = treeOf('mixed', {
  'svchost.exe': claiming,
  'tvnserver.exe': peBytes(),
  'plain.exe': peBytes({ size: 2048 }),
});

async function scanned(root: string, options: readonly string[]) {
  const out = path.join(folder, `${path.basename(root)}.ndjson`);
  const ran = await runAgent(['scan', root, '--format', 'ndjson', '--out', out, ...options]);
  const records = parseLines<FileCertificateRecord>(readFileSync(out, 'utf8'));
  const row = JSON.parse(readFileSync(`${out}.sweep.json`, 'utf8')) as SweepRow;
  return { ...ran, records, row };
}

describe('an unsigned file that says it is the tool of a rule', () => {
  test('is kept without unsigned files, counted apart, named in the summary, and sets the exit status', async () => {
    const { status, stderr, records, row } = await scanned(mixed, ['--no-unsigned']);
    expect(status).toBe(1);
    expect(records).toMatchObject([
      {
        FileName: 'svchost.exe',
        Rules: [],
        LookAlikes: [{ rule: TIGHTVNC, grade: 'version-info-only' }],
        MatchGrade: 'version-info-only',
      },
    ]);
    expect(row).toMatchObject({ Flagged: 0, LookAlikeFiles: 1, Records: 1 });
    expect(stderr).toContain('flagged     0 files flagged, 1 look-alike\n');
    expect(stderr).toContain(`look-alike (version-info-only), no signer: ${mixed}/svchost.exe`);
  });

  test('by its file name alone is a record that says so, and nothing more', async () => {
    const named = treeOf('named', { 'tvnserver.exe': peBytes() });
    const { status, stderr, records, row } = await scanned(named, []);
    expect(status).toBe(0);
    expect(records).toMatchObject([{ Rules: [], MatchGrade: 'name-only' }]);
    expect(row).toMatchObject({ Flagged: 0, LookAlikeFiles: 0 });
    expect(stderr).not.toContain('look-alike');
    const { records: none } = await scanned(named, ['--no-unsigned']);
    expect(none).toEqual([]);
  });

  test('is reported at every sweep though it did not change, and is missed when it is gone', async () => {
    const root = treeOf('resent', { 'sub/a.exe': claiming, 'b.exe': peBytes() });
    const options = ['--state', path.join(folder, 'state'), '--no-unsigned', '--changed-only'];
    for (const Unchanged of [0, 2]) {
      const { records, row } = await scanned(root, options);
      expect(records.map(({ FileName }) => FileName)).toEqual(['a.exe']);
      expect(row).toMatchObject({ LookAlikeFiles: 1, Unchanged });
    }
    rmSync(path.join(root, 'sub/a.exe'));
    const { status, row } = await scanned(root, options);
    expect(status).toBe(0);
    expect(row).toMatchObject({
      LookAlikeFiles: 0,
      GoneFlagged: 1,
      GoneFiles: [{ path: path.join(root, 'sub/a.exe'), rules: [TIGHTVNC] }],
    });
  });

  test('is sent, with what it is taken for', async () => {
    const collector = await fakeCollector();
    try {
      const options = ['--collector', collector.url, '--no-unsigned', '--out', '-'];
      const { status } = await runAgent(['scan', mixed, '--format', 'ndjson', ...options]);
      expect(status).toBe(1);
      const sent = collector.rows('AgentFileCertificateInfo');
      expect(sent).toMatchObject([{ FileName: 'svchost.exe', MatchGrade: 'version-info-only' }]);
    } finally {
      await collector.close();
    }
  });
});

describe('the words for it', () => {
  test('stand in the table, which a terminal of 80 columns holds', async () => {
    const { stdout } = await runAgent(['scan', mixed]);
    expect(stdout).toMatch(/^LIKE {2}unsigned .*svchost\.exe$/m);
    const [, end = ''] = stdout.split('Flagged: 0, look-alikes: 1\n');
    const lines = end.trim().split('\n').slice(1);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const words = end.replace(/\s+/g, ' ');
    expect(words).toContain('match version-info-only: The version information names the tool');
    expect(words).toContain('Catalogs, which may sign it, were not searched.');
    expect(words).toContain('says GlavSoft LLC., TightVNC, tvnserver.exe');
    expect(words).toContain(`rule ${TIGHTVNC}`);
  });

  test('stand in what inspect says', async () => {
    const file = path.join(mixed, 'svchost.exe');
    const text = (await runAgent(['inspect', file])).stdout.replace(/\s+/g, ' ');
    expect(text).toContain('Look-alike: no rule flags it');
    expect(text).toContain('version-info-only: The version information names the tool');
    const json = JSON.parse((await runAgent(['inspect', file, '--format', 'json'])).stdout);
    expect(json).toMatchObject({
      signatures: [],
      lookAlikes: [{ id: TIGHTVNC, grade: 'version-info-only' }],
    });
  });

  test('stand in the page, apart from what is flagged', async () => {
    const { stdout } = await runAgent(['scan', mixed, '--format', 'html']);
    expect(stdout).toContain('<b>Nothing flagged</b> in what was read. <b>1 look-alike</b>');
    expect(stdout).toContain('<span class="badge unsure">look-alike</span>');
    expect(stdout).toContain('<code>version-info-only</code> The version information names');
  });

  test('stand in the CSV as columns of their own', async () => {
    const { stdout } = await runAgent(['scan', mixed, '--format', 'csv', '--no-unsigned']);
    const [head = '', row = ''] = stdout.split(/\r?\n/);
    expect(head).toContain(',Rules,LookAlikes,MatchGrade,');
    expect(row).toContain(',version-info-only,');
  });
});
