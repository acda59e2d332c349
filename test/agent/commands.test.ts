import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fakeCollector } from './fake-collector.ts';
import { runAgent } from './run-agent.ts';

const project = path.join(import.meta.dirname, '../..');
const root = path.join(project, 'fixtures', 'ca', 'root.pem');
const image = (name: string) => path.join(project, 'fixtures', 'pe', name);
const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('inspect', () => {
  test('gives both signatures of a file as JSON, each with its chain', async () => {
    const run = await runAgent([
      ...['inspect', image('dual-signed.exe'), '--format', 'json', '--roots', root],
    ]);
    const report = JSON.parse(run.stdout);
    expect(run.status).toBe(0);
    expect(report.signatures.map(({ status }: { status: string }) => status)).toEqual([
      'Trusted',
      'Trusted',
    ]);
    expect(report.signatures[1]).toMatchObject({
      index: 1,
      digestAlgorithm: 'sha256',
      signer: { name: 'GlavSoft LLC (certsweep test)' },
    });
  });

  test('says in words that a file is not the one that was signed', async () => {
    const run = await runAgent(['inspect', image('glavsoft-tampered.exe'), '--roots', root]);
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('Signature 0: bad digest');
    expect(run.stdout).toContain('TRUST_E_BAD_DIGEST');
    for (const line of run.stdout.split('\n').slice(1))
      expect(line.length, line).toBeLessThanOrEqual(80);
  });

  test.each([
    { name: 'a text file', file: image('notes.txt'), says: 'of no known kind' },
    { name: 'no file at all', file: image('absent.exe'), says: 'ENOENT' },
    { name: 'a folder', file: project, says: 'is no file' },
  ])('ends with 2 for $name', async ({ file, says }) => {
    const run = await runAgent(['inspect', file]);
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toContain(says);
  });
});

describe('roots', () => {
  const store = path.join(folder, 'store');

  test('keeps what is imported, for the owner only, and lists it as what judges', async () => {
    const imported = await runAgent(['roots', 'import', root, '--store', store]);
    expect(imported.status).toBe(0);
    expect(imported.stdout).toMatch(/^1 roots of /);
    expect(statSync(path.join(store, 'roots.json')).mode & 0o777).toBe(0o600);

    const listed = await runAgent(['roots', 'list', '--store', store, '--format', 'json']);
    expect(JSON.parse(listed.stdout)[0]).toMatchObject({
      source: 'imported',
      codeSigning: 1,
      timeStamping: 1,
      judges: true,
    });
  });

  test('escapes what a hostile name would do to the terminal', async () => {
    const hostile = path.join(folder, 'a\u001b[2J.pem');
    writeFileSync(hostile, 'no certificate');
    const refused = await runAgent(['roots', 'import', hostile, '--store', store]);
    expect(refused.stderr).toContain('a\\u{1b}[2J.pem: no certificate in it');
    expect(refused.stderr).not.toContain('\u001b');
  });

  test('refuses rubbish with its file and keeps what was there', async () => {
    const rubbish = path.join(folder, 'rubbish.pem');
    writeFileSync(rubbish, 'no certificate');
    const refused = await runAgent(['roots', 'import', rubbish, '--store', store]);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toContain(`${rubbish}: no certificate in it`);
    expect((await runAgent(['roots', 'list', '--store', store])).stdout).toContain('* imported');
  });
});

test('scan escapes what a hostile collector answers', async () => {
  const collector = await fakeCollector((_batch, response) => {
    response.statusCode = 400;
    response.end(JSON.stringify({ error: { message: '\u001b[2Jnothing flagged' } }));
  });
  try {
    const out = ['--format', 'ndjson', '--out', path.join(folder, 'unsent.ndjson')];
    const run = await runAgent([
      'scan',
      image('signed-pe32.exe'),
      ...out,
      '--collector',
      collector.url,
    ]);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('answered 400: \\u{1b}[2Jnothing flagged');
    expect(run.stderr).not.toContain('\u001b');
  } finally {
    await collector.close();
  }
});

test('a reader who has gone before the help is written is no bug', async () => {
  const run = await runAgent(['scan', '--help'], { onStart: (child) => child.stdout?.destroy() });
  expect(run).toEqual({ status: 0, stdout: '', stderr: '' });
});
