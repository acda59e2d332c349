import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { peBytes } from '../agent/pe-bytes.ts';
import { temporaryFolder, writeTree } from '../agent/temporary-folder.ts';
import { builtExecutable, canRunExecutable } from './built-executable.ts';
import { recordFacts } from './record-facts.ts';
import { runExecutable } from './run-executable.ts';
import { SmallDisk } from './small-disk.ts';

const folder = temporaryFolder();
const tree = path.join(folder, 'tree');
const disk = canRunExecutable() ? SmallDisk.mount(path.join(folder, 'disk'), '512k') : undefined;
const on = (name: string) => path.join(folder, 'disk', name);

describe.skipIf(disk === undefined)('the Linux executable and a full disk', () => {
  /** Records of some 1,500 characters each: more than the disk holds. */
  const FILES = 600;
  const scan = ['scan', tree, '--quiet', '--fail-on', 'never', '--threads', '2', '--format'];
  let executable = '';
  let whole: readonly string[] = [];

  beforeAll(async () => {
    const sizes = Array.from({ length: FILES }, (_, index) => 1024 + index);
    writeTree(tree, Object.fromEntries(sizes.map((size) => [`${size}.exe`, peBytes({ size })])));
    executable = await builtExecutable();
    const { stdout } = await runExecutable(executable, [...scan, 'ndjson']);
    whole = recordFacts(stdout);
    expect(whole).toHaveLength(FILES);
  });
  beforeEach(() => disk?.fill());
  afterEach(() => disk?.free());

  const left = () => disk?.names();

  test.each(['ndjson', 'csv', 'html', 'table'])('keeps the old %s file whole', async (format) => {
    disk?.free();
    writeFileSync(on('report'), 'of last week');
    disk?.fill();
    const run = await runExecutable(executable, [...scan, format, '--out', on('report')]);
    expect(run).toEqual({
      status: 2,
      stdout: '',
      stderr: `certsweep: cannot write ${on('report')}: the disk is full (ENOSPC)\n`,
    });
    expect(left()).toEqual(['report']);
    expect(readFileSync(on('report'), 'utf8')).toBe('of last week');
  });

  test('has no list of problems either', async () => {
    writeTree(folder, { 'damaged/x.exe': peBytes({ ntHeaders: 100 }).subarray(0, 120) });
    const out = path.join(folder, 'beside.ndjson');
    const args = [...scan, 'ndjson', path.join(folder, 'damaged'), '--out', out];
    const run = await runExecutable(executable, [...args, '--errors', on('errors')]);
    expect(run).toMatchObject({
      status: 2,
      stderr: `certsweep: cannot write ${on('errors')}: the disk is full (ENOSPC)\n`,
    });
    expect(left()).not.toContainEqual(expect.stringContaining('errors'));
  });

  test('says so of standard output that goes to a file', async () => {
    for (const format of ['ndjson', 'csv', 'html', 'table']) {
      const output = openSync(on('stdout'), 'w');
      const stdio = ['ignore', output, 'pipe'] as const;
      const run = await runExecutable(executable, [...scan, format], { stdio: [...stdio] });
      closeSync(output);
      expect(run.stderr, format).toBe(
        'certsweep: cannot write standard output: the disk is full (ENOSPC)\n',
      );
      expect(run.status, format).toBe(2);
    }
  });

  test('cannot begin with a state that has no room', async () => {
    const state = on('state-late');
    const run = await runExecutable(executable, [...scan, 'ndjson', '--state', state]);
    expect(run).toEqual({
      status: 2,
      stdout: '',
      stderr: `certsweep: cannot lock ${path.join(state, 'lock')}: database or disk is full\n`,
    });
  });

  test('finishes the sweep where the state cannot be kept, and the next one is whole', async () => {
    disk?.free();
    const state = on('state');
    const args = [...scan, 'ndjson', '--state', state];
    const first = await runExecutable(executable, args);
    expect(first).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(
        /^certsweep: the state could not be kept \(database or disk is full\): the next sweep reads again what this one did\n$/,
      ),
    });
    expect(recordFacts(first.stdout)).toEqual(whole);

    const next = await runExecutable(executable, args);
    expect(next.status).toBe(0);
    expect(recordFacts(next.stdout)).toEqual(whole);
    expect(next.stderr).toMatch(
      /^certsweep: the last sweep with this state, begun \S+, did not come to its end: /,
    );
  });

  test('stops a scan whose records cannot be kept for the collector', async () => {
    disk?.free();
    const env = { TMPDIR: path.join(folder, 'disk') };
    const out = path.join(folder, 'unsent.ndjson');
    const args = [...scan, 'ndjson', '--out', out, '--collector', 'http://127.0.0.1:9'];
    disk?.fill();
    const run = await runExecutable(executable, args, { env });
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/certsweep: cannot (open|write) \S+spool\.sqlite[ :].*\bfull\b/);
    expect(() => readFileSync(out)).toThrow('ENOENT');
  });
});
