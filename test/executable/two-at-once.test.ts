import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../agent/temporary-folder.ts';
import { builtExecutable, canRunExecutable } from './built-executable.ts';
import { HeldScan } from './held-scan.ts';
import { writeImages } from './many-images.ts';
import { recordFacts } from './record-facts.ts';
import { runExecutable } from './run-executable.ts';

describe.skipIf(!canRunExecutable())('two Linux executables at once', () => {
  const FILES = 3000;
  const folder = temporaryFolder();
  const tree = path.join(folder, 'tree');
  const scan = ['scan', tree, '--format', 'ndjson', '--threads', '2', '--quiet'];
  let executable = '';
  beforeAll(async () => {
    writeImages(tree, FILES);
    executable = await builtExecutable();
  });

  const withState = (name: string) => [...scan, '--state', path.join(folder, name)];

  test('record the same of one tree, each with a state of its own', async () => {
    const runs = await Promise.all(
      ['one', 'two'].map((name) => runExecutable(executable, withState(name))),
    );
    for (const run of runs) expect(run).toMatchObject({ status: 0, stderr: '' });
    const [one, two] = runs.map(({ stdout }) => recordFacts(stdout));
    expect(one).toHaveLength(FILES);
    expect(two).toEqual(one);
  });

  test('do not share a state: the second says who has it, and the first is not disturbed', async () => {
    const held = new HeldScan(executable, withState('shared'));
    await held.started();
    const second = await runExecutable(executable, withState('shared'));
    const first = await held.finish();
    expect(second).toEqual({
      status: 2,
      stdout: '',
      stderr:
        `certsweep: ${path.join(folder, 'shared')} is in use by certsweep process ${held.process.pid}: ` +
        'wait until it is done or end it, or give another --state\n',
    });
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(recordFacts(first.stdout)).toHaveLength(FILES);
    const after = await runExecutable(executable, withState('shared'));
    expect(after).toMatchObject({ status: 0, stderr: '' });
  });

  test('that write one file leave it whole, of either', async () => {
    const out = path.join(folder, 'same.ndjson');
    const runs = await Promise.all(
      [1, 2].map(() => runExecutable(executable, [...scan, '--out', out])),
    );
    expect(runs.map(({ status }) => status)).toEqual([0, 0]);
    expect(recordFacts(readFileSync(out, 'utf8'))).toHaveLength(FILES);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
