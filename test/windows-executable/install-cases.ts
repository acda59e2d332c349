import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeCollector, fakeCollector } from '../agent/fake-collector.ts';
import type { WineHost } from '../wine-host.ts';
import { changedFiles, listFiles } from './drive-files.ts';

const DATA = path.join('ProgramData', 'certsweep');
const LIBRARY = path.join('Program Files', 'certsweep');
/** Where Wine's scheduler keeps what schtasks.exe registered: it has read the XML. */
const TASK = path.join('windows', 'system32', 'tasks', 'certsweep');

/** Wine's icacls.exe does nothing: what rights the folders get is tested as text only. */
export function installCases(hostOf: () => WineHost): void {
  let host: WineHost;
  let config = '';
  let collector: FakeCollector;
  const onDriveC = (file: string) => path.join(host.wine.driveC, file);
  const installed = () => onDriveC(path.join(LIBRARY, 'certsweep.exe'));

  beforeAll(async () => {
    host = hostOf();
    collector = await fakeCollector();
    const tree = host.newFolder('to install');
    const file = path.join(tree, 'config.yaml');
    writeFileSync(
      file,
      `paths: ['${host.wine.path(tree)}']\ncollector: {url: "${collector.url}"}\nschedule: {at: "02:30"}\n`,
    );
    config = host.wine.path(file);
  });

  afterAll(() => collector.close());

  test('install --dry-run prints rights, files and the task, and does nothing', async () => {
    const before = listFiles(host.wine.driveC);
    const run = await host.runAgent('install', '--config', config, '--dry-run');
    expect(run).toMatchObject({ status: 0, stderr: '' });
    const lines = run.stdout.split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'make folder C:\\Program Files\\certsweep (0755)',
        'run C:\\windows\\System32\\icacls.exe C:\\ProgramData\\certsweep /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F /Q',
        `copy ${host.wine.path(host.agent)} to C:\\Program Files\\certsweep\\certsweep.exe (0755)`,
        `copy ${config} to C:\\ProgramData\\certsweep\\config.yaml (0600)`,
        '          <Command>C:\\Program Files\\certsweep\\certsweep.exe</Command>',
        '          <Arguments>run --once --config C:\\ProgramData\\certsweep\\config.yaml</Arguments>',
        'run C:\\windows\\System32\\schtasks.exe /create /tn certsweep /xml C:\\ProgramData\\certsweep\\task.xml /f',
      ]),
    );
    expect(changedFiles(before, listFiles(host.wine.driveC))).toEqual([]);
  });

  test('install --root places the files below a folder that stands for drive C', async () => {
    const root = host.newFolder('image');
    const run = await host.runAgent('install', '--config', config, '--root', host.wine.path(root));
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect([...listFiles(root).keys()].toSorted()).toEqual([
      path.join(LIBRARY, 'certsweep.exe'),
      path.join(DATA, 'config.yaml'),
      path.join(DATA, 'task.xml'),
    ]);
    expect(existsSync(onDriveC(TASK))).toBe(false);
  });

  test('install copies the executable, which sweeps from there, and registers the task', async () => {
    expect((await host.runAgent('status')).stdout).toContain('it is not installed');
    expect(await host.runAgent('install', '--config', config)).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(readFileSync(installed()).equals(readFileSync(host.agent))).toBe(true);
    expect(existsSync(onDriveC(TASK))).toBe(true);
    const task = readFileSync(onDriveC(path.join(DATA, 'task.xml')));
    expect(task.subarray(0, 2)).toEqual(Buffer.of(0xff, 0xfe)); // UTF-16, as schtasks.exe wants it

    const run = await host.wine.run(installed(), [
      ...['run', '--once', '--config', 'C:\\ProgramData\\certsweep\\config.yaml'],
    ]);
    expect(run).toMatchObject({ status: 0, stderr: expect.stringContaining('"event":"drained"') });
    expect(collector.rows('AgentSweepInfo')).toMatchObject([{ Complete: true, Files: 1 }]);
    const status = await host.wine.run(installed(), ['status']);
    expect(status.stdout).toMatch(/^installed +yes$/m);
    expect(status.stdout).toMatch(/^last sweep .*, complete: 1 files/m);
  });

  test('install replaces an executable that runs, and puts the old one aside', async () => {
    const service = host.wine.start(installed(), [
      ...['run', '--config', 'C:\\ProgramData\\certsweep\\config.yaml'],
    ]);
    await service.untilSaid(/"event":"started"/);
    const { ino } = statSync(installed());
    const run = await host.runAgent('install', '--config', config);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    await service.kill();
    expect(statSync(installed()).ino).not.toBe(ino);
    expect(readdirSync(onDriveC(LIBRARY)).toSorted()).toEqual([
      'certsweep.exe',
      'certsweep.exe.old',
    ]);
  });

  test('uninstall --purge by the installed executable leaves that alone, and says so', async () => {
    const run = await host.wine.run(installed(), ['uninstall', '--purge']);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toContain(
      'left C:\\Program Files\\certsweep\\certsweep.exe: it is what runs now; delete C:\\Program Files\\certsweep when it has ended\n',
    );
    expect(readdirSync(onDriveC(LIBRARY))).toEqual(['certsweep.exe']);
    expect(existsSync(onDriveC(DATA))).toBe(false);
    expect(existsSync(onDriveC(TASK))).toBe(false);

    expect(await host.runAgent('uninstall')).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(onDriveC(LIBRARY))).toBe(false);
  });
}
