import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const top = path.join(import.meta.dirname, '..');

const one = {
  passing: "test('passes', () => {});",
  failing: "test('fails', () => expect(1).toBe(2));",
  skipped: "test.skip('is left out', () => {});",
  todo: "test.todo('is not written yet');",
};
const vitest = "import { expect, test } from 'vitest';\n";

/** The reporter is run as CI runs it: a vitest of its own over a project of its own. */
describe('the last line of a test run', () => {
  let project = '';
  beforeAll(() => {
    project = mkdtempSync(path.join(tmpdir(), 'certsweep-reporter-'));
    symlinkSync(path.join(top, 'node_modules'), path.join(project, 'node_modules'), 'junction');
  });
  afterAll(() => rmSync(project, { recursive: true }));

  test.each([
    {
      name: 'counts tests that passed, failed and were skipped',
      files: [vitest + one.passing + one.failing + one.skipped],
      closing: '1 passed, 1 failed, 1 skipped',
      exit: 1,
    },
    {
      name: 'counts a file that does not load as failed',
      files: [vitest + one.passing, "throw new Error('not loadable');"],
      closing: '1 passed, 1 failed, 0 skipped',
      exit: 1,
    },
    {
      name: 'counts an error outside any test as failed',
      files: [`${vitest}${one.passing}\nPromise.reject(new Error('nobody waits for it'));`],
      closing: '1 passed, 1 failed, 0 skipped',
      exit: 1,
    },
    {
      name: 'counts a test to be written as skipped',
      files: [vitest + one.passing + one.todo],
      closing: '1 passed, 0 failed, 1 skipped',
      exit: 0,
    },
  ])('$name', async ({ files, closing, exit }) => {
    const names = files.map((text, index) => {
      const name = `case-${index}.test.mjs`;
      writeFileSync(path.join(project, name), text);
      return name;
    });
    const run = await runVitest(project, names);
    expect(run.stdout.trimEnd().split('\n').at(-1)).toBe(closing);
    expect(run.exit).toBe(exit);
  });
});

function runVitest(project: string, files: string[]): Promise<{ stdout: string; exit: number }> {
  const cli = path.join(top, 'node_modules', 'vitest', 'vitest.mjs');
  const reporter = path.join(top, 'test', 'closing-line-reporter.ts');
  const args = [
    cli,
    'run',
    '--root',
    project,
    '--reporter=default',
    `--reporter=${reporter}`,
    ...files,
  ];
  // The parent's own VITEST_ variables would make the child think that it is a worker.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')),
  );
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: project, env }, (error, stdout) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ stdout, exit: error ? Number(error.code) : 0 });
    });
  });
}
