import { spawnSync } from 'node:child_process';
import { mkdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../agent/temporary-folder.ts';
import { builtExecutable, canRunExecutable } from './built-executable.ts';

const images = path.join(import.meta.dirname, '../../fixtures/pe');
const RECORDS = 18;

/** The shell arranges what a program cannot do to its own child. `$1` is the executable, `$2` what it scans. */
describe.skipIf(!canRunExecutable())('the Linux executable with standard streams that', () => {
  const folder = temporaryFolder();
  let executable = '';
  beforeAll(async () => {
    executable = await builtExecutable();
  });

  function shell(script: string, cwd = folder) {
    const args = ['-c', script, 'sh', executable, images];
    const { status, stdout, stderr } = spawnSync('/bin/bash', args, { cwd, encoding: 'utf8' });
    return { status, stdout, stderr };
  }
  const scan = '"$1" scan "$2" --format ndjson --fail-on never --quiet';

  test('are all closed writes its file', () => {
    const run = shell(`${scan} --out closed.ndjson <&- >&- 2>&-; echo $?; wc -l < closed.ndjson`);
    expect(run).toEqual({ status: 0, stdout: `0\n${RECORDS}\n`, stderr: '' });
  });

  test('bring nothing in writes its records', () => {
    const run = shell(`${scan} <&- | wc -l`);
    expect(run).toEqual({ status: 0, stdout: `${RECORDS}\n`, stderr: '' });
  });

  test.each([
    { name: 'records', words: 'scan "$2" --format ndjson --quiet' },
    { name: 'a table', words: 'scan "$2" --quiet' },
    { name: 'help', words: 'scan --help' },
  ])('lose their reader is quiet about $name', ({ words }) => {
    const run = shell(`"$1" ${words} | head -n 1 | wc -l; exit \${PIPESTATUS[0]}`);
    expect(run).toMatchObject({ stdout: '1\n', stderr: '' });
    expect([0, 1, 130]).toContain(run.status); // what the pipe still held decides
  });

  test('cannot take what it has to say goes on', () => {
    const run = shell('"$1" scan "$2" --format ndjson --fail-on never 2>/dev/full | wc -l');
    expect(run).toEqual({ status: 0, stdout: `${RECORDS}\n`, stderr: '' });
    const failed = shell('"$1" scan missing 2>/dev/full');
    expect(failed.status).toBe(2);
  });

  test('end at a full disk says so, whatever it prints', () => {
    for (const words of ['--help', 'roots list', 'inspect "$2/unsigned-pe32.exe"']) {
      const run = shell(`"$1" ${words} >/dev/full`);
      expect(run, words).toEqual({
        status: 2,
        stdout: '',
        stderr: 'certsweep: cannot write standard output: the disk is full (ENOSPC)\n',
      });
    }
  });

  test('are well, from a directory that is gone, says what to do', () => {
    const gone = path.join(folder, 'gone');
    mkdirSync(gone);
    const run = shell(`rmdir ../gone && ${scan}`, gone);
    expect(() => rmdirSync(gone)).toThrow('ENOENT');
    expect(run).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'certsweep: the current directory is gone: change to one that is there, and start again\n',
    });
  });
});
