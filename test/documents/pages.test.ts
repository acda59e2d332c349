import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { collector } from '../../build/package/programs.ts';
import { windowsFiles } from '../agent/mounted/windows-image.ts';
import { temporaryFolder, writeTree } from '../agent/temporary-folder.ts';
import { builtExecutable, canRunExecutable } from '../executable/built-executable.ts';
import { blocksOf, runTried } from './tried-blocks.ts';

const fixtures = path.join(import.meta.dirname, '../../fixtures');

function haveSystemd(): boolean {
  if (spawnSync('systemd-analyze', ['--version']).status === 0) return true;
  console.warn('certsweep: no systemd-analyze here: the check of the unit is LEFT OUT');
  return false;
}

describe.skipIf(!canRunExecutable())('what the pages tell to do works as written:', () => {
  const folder = temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  let agentFile = '';
  let programs = '';
  beforeAll(async () => {
    agentFile = await builtExecutable();
    programs = path.dirname(await builtExecutable(collector));
  });

  function place(name: string): string {
    mkdirSync(at(name), { recursive: true });
    return at(name);
  }

  test('incident-usb.md', () => {
    const DIST = place('dist');
    linkSync(agentFile, path.join(DIST, 'certsweep-linux-x64'));
    writeFileSync(path.join(DIST, 'certsweep-win-x64.exe'), 'not here');
    const sums = readdirSync(DIST).map((name) => {
      const digest = createHash('sha256').update(readFileSync(path.join(DIST, name)));
      return `${digest.digest('hex')}  ${name}\n`;
    });
    writeFileSync(path.join(DIST, 'SHA256SUMS'), `${sums.join('')}${'0'.repeat(64)}  absent.zip\n`);
    const ROOTS = place('trusted');
    cpSync(path.join(fixtures, 'ca/root.pem'), path.join(ROOTS, 'root.pem'));
    const env = { DIST, ROOTS, STICK: place('stick'), RESULTS: place('results') };
    const WHERE = path.join(fixtures, 'pe');
    const run = runTried('incident-usb.md', {
      cwd: place('desk'),
      programs,
      env: { ...env, WHERE },
    });
    expect(run, run.stderr).toMatchObject({ status: 0 });
    expect(run.stdout).toContain('certsweep-linux-x64: OK\ncertsweep-win-x64.exe: OK\n');
    expect(run.stdout).toContain('exit status 1\n');
    const host = execFileSync('hostname', { encoding: 'utf8' }).trim();
    const results = ['.errors', '.ndjson', '.ndjson.sweep.json', '.sha256'];
    expect(readdirSync(env.RESULTS)).toEqual(results.map((end) => host + end));
    expect(readdirSync(env.STICK).toSorted()).toEqual([
      'SHA256SUMS',
      'certsweep-linux-x64',
      'certsweep-win-x64.exe',
      'roots',
    ]);
    const [record = ''] = readFileSync(path.join(env.RESULTS, `${host}.ndjson`), 'utf8').split(
      '\n',
    );
    expect(JSON.parse(record).TrustSource).toBe(`roots:${path.join(env.STICK, 'roots')}`);
    expect(run.stdout).toMatch(/DeviceName/);
  });

  test('mounted-image.md', () => {
    const IMAGE = place('image');
    writeTree(IMAGE, windowsFiles());
    const cwd = place('desk-2');
    const run = runTried('mounted-image.md', { cwd, programs, env: { IMAGE } });
    expect(run, run.stderr).toMatchObject({ status: 0 });
    expect(run.stdout).toContain('exit status 1\n');
    expect(run.stdout).toContain('PC7');
    expect(readFileSync(path.join(cwd, 'pc7.ndjson'), 'utf8')).toContain('C:\\\\Users\\\\Ann');
    expect(readFileSync(path.join(cwd, 'pc7.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  });

  test('deploy-agent.md', () => {
    const cwd = place('agent');
    cpSync(
      path.join(import.meta.dirname, '../../docs/agent-config.example.yaml'),
      `${cwd}/config.yaml`,
    );
    const run = runTried('deploy-agent.md', { cwd, programs, env: {} });
    expect(run, run.stderr).toMatchObject({ status: 0 });
    expect(run.stdout).toContain('/etc/systemd/system/certsweep.service');
  });

  test.skipIf(!haveSystemd())('deploy-collector.md: its unit is a good one', () => {
    const [unit = ''] = blocksOf('deploy-collector.md', 'ini');
    const file = at('certsweep-collector.service');
    const program = path.join(programs, 'certsweep-collector');
    expect(unit).toContain('/usr/local/bin/certsweep-collector');
    writeFileSync(file, unit.replace('/usr/local/bin/certsweep-collector', program));
    const said = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
    expect(said).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  test.skipIf(!haveSystemd())(
    'deploy-collector.md: its backup unit and timer are good ones',
    () => {
      const files = ['service', 'timer'].map((kind) => {
        const [unit = ''] = blocksOf('deploy-collector.md', `ini backup-${kind}`);
        const file = at(`certsweep-backup.${kind}`);
        writeFileSync(file, unit);
        return file;
      });
      const said = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], {
        encoding: 'utf8',
      });
      expect(said).toMatchObject({ status: 0, stdout: '', stderr: '' });
    },
  );

  test('deploy-collector.md: its backup makes a folder of the day and removes old ones', () => {
    const data = place('collector-data');
    const backups = place('backups');
    mkdirSync(path.join(backups, 'old'));
    utimesSync(path.join(backups, 'old'), 0, 0);
    const sample = path.join(place('sample'), 'none.ndjson');
    writeFileSync(sample, '');
    const program = path.join(programs, 'certsweep-collector');
    expect(spawnSync(program, ['import', sample, '--data', data]).status).toBe(0);
    const [unit = ''] = blocksOf('deploy-collector.md', 'ini backup-service');
    const commands = [...unit.matchAll(/^ExecStart=(.*)$/gm)].map(([, command = '']) =>
      command
        .replaceAll('$$', () => '$')
        .replaceAll('%%', '%')
        .replace('/usr/local/bin/certsweep-collector', program)
        .replace('/var/lib/certsweep-collector', data)
        .replace('/var/backups/certsweep', backups),
    );
    for (const command of commands) {
      const ran = spawnSync('/bin/sh', ['-ec', command], { encoding: 'utf8' });
      expect(ran, ran.stderr).toMatchObject({ status: 0 });
    }
    const [day = '', ...more] = readdirSync(backups);
    expect([day, more]).toEqual([expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/), []]);
    expect(readdirSync(path.join(backups, day))).toContain('certsweep.sqlite');
  });
});
