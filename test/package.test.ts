import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { versionLine } from '../agent/version.ts';
import { licenseOf, writeExecutable } from '../build/package/build-package.ts';
import { readBuildCommit } from '../build/package/commit.ts';
import { makeProgramParts } from '../build/package/program-parts.ts';
import { agent } from '../build/package/programs.ts';
import { fetchRuntime } from '../build/package/runtime.ts';
import type { FileCertificateRecord } from '../parsers/record/columns.ts';

const project = path.join(import.meta.dirname, '..');
const images = path.join(project, 'fixtures', 'pe');

/** What a sweep says of the files themselves: not when, by whom, or in which order. */
function facts(ndjson: string): string[] {
  const lines = ndjson.split('\n').filter((line) => line !== '');
  const records = lines.map((line) => {
    const { Timestamp, ReadTime, ScanId, ReportId, ...rest } = JSON.parse(
      line,
    ) as FileCertificateRecord;
    return JSON.stringify(rest);
  });
  return records.toSorted();
}

const scan = ['scan', images, '--threads', '2', '--format', 'ndjson', '--fail-on', 'never'];

if (process.platform !== 'linux')
  console.warn('certsweep: the single executable is tested on Linux only: LEFT OUT');

describe.skipIf(process.platform !== 'linux')('the agent as one executable', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-executable-'));
  const executable = path.join(folder, 'certsweep');

  beforeAll(async () => {
    const node = fetchRuntime('linux');
    const nodeLicense = licenseOf(node);
    const parts = await makeProgramParts(agent, { commit: readBuildCommit(), nodeLicense });
    await writeExecutable(executable, { program: agent, node, parts });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('scans with two workers and records what the source does, in an empty environment', () => {
    const packaged = spawnSync(executable, scan, { cwd: folder, env: {}, encoding: 'utf8' });
    expect(packaged.stderr).toContain('16 files,');
    expect(packaged.status).toBe(0);
    const source = execFileSync(
      process.execPath,
      [path.join(project, 'agent', 'bin.mjs'), ...scan],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const expected = facts(source);
    expect(expected).toHaveLength(18);
    expect(facts(packaged.stdout)).toEqual(expected);
  });

  test('takes no option from the environment', () => {
    const env = { NODE_OPTIONS: `--require=${path.join(folder, 'missing.cjs')}` };
    const packaged = spawnSync(executable, ['--version'], { cwd: folder, env, encoding: 'utf8' });
    expect(packaged).toMatchObject({ status: 0, stdout: `${versionLine()}\n` });
  });
});
