import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, linkSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linuxContext } from '../../../agent/live/gather-live-context.ts';
import { linuxProcesses } from '../../../agent/live/linux-processes.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { unprivileged } from '../unprivileged.ts';

const linux = process.platform === 'linux';
if (!linux) console.warn('certsweep: live context of Linux is tested there only: LEFT OUT');

describe.runIf(linux)('running processes', () => {
  const folder = temporaryFolder();
  const program = path.join(folder, 'tvn server (copy)');
  let child: ChildProcess;

  beforeAll(async () => {
    copyFileSync('/bin/sleep', program);
    chmodSync(program, 0o755);
    child = spawn(program, ['600'], { stdio: 'ignore' });
    await once(child, 'spawn');
  });
  afterAll(() => child.kill('SIGKILL'));

  test('are found by the file that they run, with parent, user and start', () => {
    const { RunningProcesses } = linuxContext().of(program);
    expect(RunningProcesses).toEqual([
      {
        pid: child.pid,
        name: 'tvn server (cop', // the kernel keeps 15 bytes
        parentPid: process.pid,
        parentName: expect.any(String),
        user: expect.stringMatching(/./),
        startTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
    ]);
    const [found] = RunningProcesses as { startTime: string }[];
    expect(Math.abs(Date.parse(found?.startTime ?? '') - Date.now())).toBeLessThan(10 * 60_000);
  });

  test('are found by another name of the same file, and by a link to it', () => {
    const context = linuxContext();
    const second = path.join(folder, 'second-name');
    const link = path.join(folder, 'link');
    linkSync(program, second);
    symlinkSync(program, link);
    expect(context.of(second).RunningProcesses).toMatchObject([{ pid: child.pid }]);
    expect(context.of(link).RunningProcesses).toMatchObject([{ pid: child.pid }]);
  });

  test('are found by a file that they have mapped, as Wine maps the program it runs', () => {
    // Every dynamically linked program maps the loader.
    const maps = linuxContext().of('/lib64/ld-linux-x86-64.so.2').RunningProcesses;
    expect(maps).toEqual(expect.arrayContaining([expect.objectContaining({ pid: child.pid })]));
  });

  test('are none for a file that nothing runs, and for one that has gone', () => {
    writeTree(folder, { 'idle.exe': 'MZ' });
    const nothing = { RunningProcesses: [], AutostartEntries: [] };
    expect(linuxContext().of(path.join(folder, 'idle.exe'))).toEqual(nothing);
    expect(linuxContext().of(path.join(folder, 'gone.exe'))).toEqual(nothing);
  });

  test('of other users make the context partial where they may not be looked at', async () => {
    const module = path.join(import.meta.dirname, '../../../agent/live/linux-processes.ts');
    const script = `import { linuxProcesses } from ${JSON.stringify(module)};
      console.log(JSON.stringify(linuxProcesses().missing));`;
    const asOther = [...unprivileged(), process.execPath, '--input-type=module', '-e', script];
    const [command = '', ...args] = asOther;
    const run = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    run.stdout.on('data', (chunk) => {
      output += chunk;
    });
    await once(run, 'close');
    if (process.getuid?.() !== 0) {
      expect(JSON.parse(output)).toEqual(linuxProcesses().missing);
      return;
    }
    expect(JSON.parse(output)).toEqual([
      expect.stringMatching(/^\d+ processes of other users could not be looked at: run as root/),
    ]);
    const refused = (missing: readonly string[]) => Number.parseInt(missing[0] ?? '0', 10);
    expect(refused(JSON.parse(output))).toBeGreaterThan(refused(linuxProcesses().missing));
  });
});

describe.runIf(linux)('autostart entries', () => {
  const root = temporaryFolder();
  const program = path.join(root, 'opt/vnc/tvnserver.exe');
  writeTree(root, {
    'opt/vnc/tvnserver.exe': 'MZ',
    'proc/stat': 'btime 1700000000\n',
    'etc/passwd': 'root:x:0:0::/root:/bin/sh\nanna:x:1000:1000::/home/anna:/bin/sh\n',
    'etc/systemd/system/vnc.service': `[Service]\n# ExecStart=${program}\nExecStart=-/usr/bin/wine \\\n  "${program}" -run\n`,
    'etc/systemd/system/multi-user.target.wants/vnc.service': '',
    'etc/systemd/system/multi-user.target.wants/spare.service': '',
    'usr/lib/systemd/system/spare.service': `[Service]\nExecStartPre=@${program} name\n`,
    'usr/lib/systemd/system/other.service': '[Service]\nExecStart=/usr/bin/other\n',
    'etc/systemd/system/other.service.d/override.conf': `[Service]\nExecStart=\nExecStart=${program}\n`,
    'home/anna/.config/autostart/vnc.desktop': `[Desktop Entry]\nExec=wine '${program}'\n`,
    'home/anna/.config/autostart/off.desktop': `[Desktop Entry]\nHidden=true\nExec=${program}\n`,
    'etc/crontab': `# ${program}\n@reboot root ${program}\n`,
    'etc/cron.d/none': '0 0 * * * root /bin/true\n',
  });
  mkdirSync(path.join(root, 'run/systemd/system'), { recursive: true });
  symlinkSync('/dev/null', path.join(root, 'run/systemd/system/masked.service'));

  test('are found in units, drop-ins, desktop entries and tables of cron', () => {
    expect(linuxContext(root).of(program).AutostartEntries).toEqual([
      { kind: 'service', name: 'other.service', state: 'not enabled' },
      { kind: 'service', name: 'vnc.service', state: 'enabled' },
      { kind: 'service', name: 'spare.service', state: 'enabled' },
      { kind: 'autostart', name: 'off.desktop', state: 'disabled' },
      { kind: 'autostart', name: 'vnc.desktop', state: 'enabled' },
      { kind: 'cron', name: '/etc/crontab', state: null },
    ]);
  });

  test('are found by a link to the file that they start', () => {
    const link = path.join(root, 'opt/link.exe');
    symlinkSync(program, link);
    expect(linuxContext(root).of(link).AutostartEntries).toHaveLength(6);
  });
});
