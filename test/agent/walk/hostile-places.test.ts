import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Problem } from '../../../agent/inspect/file-outcome.ts';
import { SweepTally } from '../../../agent/report/sweep-tally.ts';
import { nothingLeftOut } from '../../../agent/walk/left-out-mounts.ts';
import { pathFilter } from '../../../agent/walk/path-filter.ts';
import { resolveRoots } from '../../../agent/walk/scan-roots.ts';
import { walk } from '../../../agent/walk/walk.ts';
import type { FileCertificateRecord, SweepRow } from '../../../parsers/record/columns.ts';
import { peBytes } from '../pe-bytes.ts';
import { parseLines, runAgent } from '../run-agent.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { unprivileged } from '../unprivileged.ts';

const folder = temporaryFolder();
chmodSync(folder, 0o755);

function makeFolder(name: string): string {
  const made = path.join(folder, name);
  mkdirSync(made);
  return made;
}

/** Scans in a process of its own. Names of the files that have records, problems as `name reason code`. */
async function scan(root: string, through: readonly string[] = []) {
  const out = path.join(folder, `${path.basename(root)}-out`);
  mkdirSync(out);
  chmodSync(out, 0o777);
  const [records, errors] = [path.join(out, 'records'), path.join(out, 'errors')];
  const args = ['scan', root, '--format', 'ndjson', '--out', records, '--errors', errors];
  const { status } = await runAgent(args, { through });
  const problems = parseLines<Problem>(readFileSync(errors, 'utf8'));
  const sweep = JSON.parse(readFileSync(`${records}.sweep.json`, 'utf8')) as SweepRow;
  return {
    status,
    skipped: sweep.Skipped,
    files: parseLines<FileCertificateRecord>(readFileSync(records, 'utf8'))
      .map(({ FileName }) => FileName)
      .sort(),
    problems: problems
      .map(({ path: file, reason, code }) => `${path.relative(root, file)} ${reason} ${code}`)
      .sort(),
  };
}

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn('certsweep: device nodes can be made by root only: LEFT OUT');

describe('what is no file', () => {
  test('is counted and never opened: pipes, sockets', async () => {
    const root = makeFolder('special');
    writeTree(root, { 'a.exe': peBytes() });
    execFileSync('mkfifo', [path.join(root, 'pipe.exe')]);
    const server = createServer().listen(path.join(root, 'socket.exe'));
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      expect(await scan(root)).toEqual({
        status: 0,
        skipped: { 'special-file': 2 },
        files: ['a.exe'],
        problems: [],
      });
    } finally {
      server.close();
    }
  });

  test.skipIf(!isRoot)('is counted and never opened: devices', async () => {
    const root = makeFolder('devices');
    writeTree(root, { 'a.exe': peBytes() });
    for (const [name, ...numbers] of [
      ['zero.exe', 'c', '1', '5'],
      ['tty.exe', 'c', '5', '0'],
      ['loop.exe', 'b', '7', '0'],
    ] as const)
      execFileSync('mknod', [path.join(root, name), ...numbers]);
    expect(await scan(root)).toEqual({
      status: 0,
      skipped: { 'special-file': 3 },
      files: ['a.exe'],
      problems: [],
    });
  });
});

describe('what its user may not read', () => {
  test('is listed: files, and folders that are closed, to be entered blindly, or to be listed only', async () => {
    const root = makeFolder('closed');
    writeTree(root, {
      'a.exe': peBytes(),
      'no-file.exe': peBytes(),
      'no-folder/b.exe': peBytes(),
      'blind/c.exe': peBytes(),
      'names-only/d.exe': peBytes(),
    });
    chmodSync(path.join(root, 'no-file.exe'), 0);
    chmodSync(path.join(root, 'no-folder'), 0);
    chmodSync(path.join(root, 'blind'), 0o111);
    chmodSync(path.join(root, 'names-only'), 0o444);
    const found = await scan(root, unprivileged());
    for (const name of ['no-folder', 'blind', 'names-only'])
      chmodSync(path.join(root, name), 0o755);
    expect(found).toEqual({
      status: 3,
      skipped: { unreadable: 4 },
      files: ['a.exe'],
      problems: [
        'blind unreadable EACCES',
        'names-only/d.exe unreadable EACCES',
        'no-file.exe unreadable EACCES',
        'no-folder unreadable EACCES',
      ],
    });
  });
});

describe('a tree deeper than a path can be long', () => {
  const root = makeFolder('deep');
  // Neither Node's mkdir nor its rm gets there: a shell goes down step by step, and GNU rm by descriptors.
  afterAll(() => execFileSync('rm', ['-rf', root]));

  test('is walked as far as the system names it; there it is listed, and the sweep not complete', async () => {
    const name = 'n'.repeat(100);
    writeTree(root, { 'beside.exe': peBytes(), [`${'d/'.repeat(300)}end.exe`]: peBytes() });
    const script = `for i in $(seq 60); do mkdir ${name} && cd -P ${name}; done; echo MZ > lost.exe`;
    execFileSync('/bin/bash', ['-c', script], { cwd: root });
    const { status, files, skipped, problems } = await scan(root);
    expect({ status, files, skipped }).toEqual({
      status: 3,
      files: ['beside.exe', 'end.exe'],
      skipped: { unreadable: 1 },
    });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^(n{100}\/)+n{100} unreadable ENAMETOOLONG$/);
    expect(problems[0]?.length).toBeGreaterThan(3900);
  });
});

describe('what another takes the place of between listing and reading', () => {
  /** Walks `root`, calls `change` when the first file has come, and gives the rest. */
  function walkWhile(root: string, change: () => void) {
    const problems: string[] = [];
    const tally = new SweepTally(({ path: place, reason }) =>
      problems.push(`${path.relative(root, place)} ${reason}`),
    );
    const options = { filter: pathFilter([], []), oneFileSystem: false, leftOut: nothingLeftOut };
    const files: string[] = [];
    for (const file of walk({ ...resolveRoots([root]), ...options }, tally)) {
      if (file === null) continue;
      if (files.length === 0) change();
      files.push(path.relative(root, file));
    }
    return { files, problems, unseen: tally.unseen };
  }

  function makePair(name: string): { root: string; inner: string; outside: string } {
    const root = makeFolder(name);
    const outside = makeFolder(`${name}-outside`);
    writeTree(root, { 'first.exe': '', 'inner/a.exe': '' });
    writeTree(outside, { 'secret.exe': '' });
    return { root, inner: path.join(root, 'inner'), outside };
  }

  test('a folder by a link: the link is not followed, and the sweep not complete', () => {
    const { root, inner, outside } = makePair('link');
    const change = () => {
      renameSync(inner, `${inner}-moved`);
      symlinkSync(outside, inner);
    };
    const { files, problems, unseen } = walkWhile(root, change);
    expect({ files, problems, unseen }).toEqual({
      files: ['first.exe'],
      problems: ['inner changed'],
      unseen: 1,
    });
  });

  test('a folder by a file', () => {
    const { root, inner } = makePair('file');
    const change = () => {
      rmSync(inner, { recursive: true });
      writeFileSync(inner, 'MZ');
    };
    expect(walkWhile(root, change).problems).toEqual(['inner changed']);
  });

  test('a folder by nothing: it is gone, which leaves nothing to see', () => {
    const { root, inner } = makePair('nothing');
    expect(walkWhile(root, () => rmSync(inner, { recursive: true }))).toEqual({
      files: ['first.exe'],
      problems: ['inner gone'],
      unseen: 0,
    });
  });
});
