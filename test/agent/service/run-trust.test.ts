import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { ServiceProcess, writeConfig } from './service-process.ts';

const folder = temporaryFolder();
const tree = path.join(folder, 'tree');
writeTree(tree, { 'a.txt': 'text' });
const nobody = { url: 'http://127.0.0.1:1' };
let count = 0;

/** A private folder with everything that a configuration may name in it. */
function newHome(): { home: string; config: string } {
  const home = path.join(folder, `home-${++count}`);
  mkdirSync(path.join(home, 'state'), { recursive: true, mode: 0o700 });
  chmodSync(home, 0o700);
  writeFileSync(path.join(home, 'token'), 'sesame', { mode: 0o600 });
  writeFileSync(path.join(home, 'distrust'), `${'ab'.repeat(20)}\n`, { mode: 0o600 });
  const root = path.join(import.meta.dirname, '../../../fixtures/ca/root.pem');
  const keys = `paths: ["${tree}"]\ndistrust: ${home}/distrust\nroots: ["${root}"]\n`;
  return { home, config: writeConfig(home, nobody, keys) };
}

if (process.platform === 'win32')
  console.warn('certsweep: POSIX modes cannot be tested here: LEFT OUT');

describe.skipIf(process.platform === 'win32')('run does not start where others can write', () => {
  test.each([
    { what: 'the configuration', file: 'config.yaml', mode: 0o666, name: '--config' },
    { what: 'the state folder', file: 'state', mode: 0o770, name: 'state' },
    {
      what: 'the list of distrusted certificates',
      file: 'distrust',
      mode: 0o620,
      name: 'distrust',
    },
    { what: 'the token', file: 'token', mode: 0o602, name: 'collector.token_file' },
    { what: 'the folder above them', file: '.', mode: 0o777, name: '--config' },
  ])('$what', { timeout: 120_000 }, async ({ file, mode, name }) => {
    const { home, config } = newHome();
    chmodSync(path.join(home, file), mode);
    const args = ['--once', '--config', config, '--collector-token-file', `${home}/token`];
    const run = new ServiceProcess(args);
    expect(await run.ended()).toBe(2);
    expect(run.stderr).toContain('others could change what this agent trusts:');
    const place = path.join(home, file);
    expect(run.stderr).toMatch(new RegExp(`^${name}: .*${place} can be written by others`, 'm'));
    expect(run.lines).toEqual([]);
  });

  test('but it does where they cannot', { timeout: 120_000 }, async () => {
    const { config } = newHome();
    const run = new ServiceProcess(['--config', config, '--schedule-jitter', '0']);
    await run.until('sweep-ended');
    expect(await run.stop()).toBe(0);
  });
});
