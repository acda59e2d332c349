import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { blocksOf } from '../documents/tried-blocks.ts';
import type { WineHost } from '../wine-host.ts';

/** The two scripts of docs/deploy-windows.md as they stand there, run by Wine's cmd.exe from a folder that stands for a share. */
export function deployCases(hostOf: () => WineHost): void {
  let host: WineHost;
  let share = '';
  const onDriveC = (...parts: string[]) => path.join(host.wine.driveC, ...parts);
  const script = (name: string) =>
    host.wine.run('cmd', ['/c', host.wine.path(path.join(share, name))]);

  beforeAll(() => {
    host = hostOf();
    share = host.newFolder('share');
    copyFileSync(host.agent, path.join(share, 'certsweep.exe'));
    writeFileSync(path.join(share, 'collector-ca.pem'), 'authority');
    writeFileSync(path.join(share, 'enrolment-key'), 'key');
    writeFileSync(
      path.join(share, 'config.yaml'),
      [
        "paths: ['C:\\share']",
        'collector:',
        '  url: https://collector.example:8443',
        '  ca: C:\\ProgramData\\certsweep\\collector-ca.pem',
        '  enrolment_key_file: C:\\ProgramData\\certsweep\\enrolment-key',
        '',
      ].join('\n'),
    );
    const scripts = blocksOf('deploy-windows.md', 'bat tried under Wine');
    for (const [index, name] of ['install.cmd', 'uninstall.cmd'].entries())
      writeFileSync(path.join(share, name), (scripts[index] ?? '').replaceAll('\n', '\r\n'));
  });

  test('install.cmd brings authority and key, and installs', async () => {
    const run = await script('install.cmd');
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toContain('installed; `certsweep status` shows');
    expect(existsSync(onDriveC('Program Files', 'certsweep', 'certsweep.exe'))).toBe(true);
    expect(readdirSync(onDriveC('ProgramData', 'certsweep')).toSorted()).toEqual([
      ...['collector-ca.pem', 'config.yaml', 'enrolment-key', 'state', 'task.xml'],
    ]);
    const again = await script('install.cmd');
    expect(again).toMatchObject({ status: 0, stdout: '' }); // at each start of the computer
  });

  test('uninstall.cmd leaves nothing of it', async () => {
    expect(await script('uninstall.cmd')).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(onDriveC('Program Files', 'certsweep'))).toBe(false);
    expect(existsSync(onDriveC('ProgramData', 'certsweep'))).toBe(false);
    const again = await script('uninstall.cmd');
    expect(again.status).not.toBe(0);
  });
}
