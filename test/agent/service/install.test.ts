import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runAgent } from '../run-agent.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { unprivileged } from '../unprivileged.ts';

const folder = temporaryFolder();
chmodSync(folder, 0o755);
const config = path.join(folder, 'config.yaml');
writeTree(folder, {
  'config.yaml': `paths: [/]\ncollector: {url: "https://c.example"}\nschedule: {at: "02:30", jitter: 1h}\n`,
  'live.yaml': `paths: [/]\nlive: true\nstate: "/srv/state of 100 %"\ncollector: {url: "https://c.example", token_file: /srv/keys/token, enrolment_key_file: /srv/keys/key}\n`,
  'odd.yaml': `paths: [/]\ncollector: {url: "https://c.example"}\nschedule: {every: 5h}\n`,
});

const analyze = ['/usr/bin/systemd-analyze', '/bin/systemd-analyze'].find(existsSync);
if (process.platform !== 'linux')
  console.warn('certsweep: the installation is tested on Linux only: LEFT OUT');
else if (analyze === undefined)
  console.warn('certsweep: no systemd-analyze here: units are checked as text only');

/** A folder that stands for `/`. */
function newRoot(): string {
  const root = path.join(folder, `root-${readdirSync(folder).length}`);
  mkdirSync(root);
  return root;
}

const install = (root: string, file = config) =>
  runAgent(['install', '--config', file, '--from-source', '--root', root]);

const mode = (file: string) => (statSync(file).mode & 0o7777).toString(8);

describe.skipIf(process.platform !== 'linux')('install', () => {
  const root = path.join(folder, 'root');
  let stdout = '';

  beforeAll(async () => {
    mkdirSync(root);
    const run = await install(root);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    stdout = run.stdout;
  });

  test('places configuration, state folder, service and timer, with these modes', () => {
    expect(readFileSync(path.join(root, 'etc/certsweep/config.yaml'), 'utf8')).toBe(
      readFileSync(config, 'utf8'),
    );
    const places = {
      'etc/certsweep': '700',
      'etc/certsweep/config.yaml': '600',
      'var/lib/certsweep': '700',
      'etc/systemd/system/certsweep.service': '644',
      'etc/systemd/system/certsweep.timer': '644',
    };
    for (const [place, expected] of Object.entries(places))
      expect([place, mode(path.join(root, place))]).toEqual([place, expected]);
  });

  test('starts nothing below a root, and says what it left out', () => {
    expect(stdout).toContain('left out: run /usr/bin/systemctl enable --now certsweep.timer');
  });

  test('writes a service of few rights and a timer that makes up for what was missed', () => {
    const service = readFileSync(path.join(root, 'etc/systemd/system/certsweep.service'), 'utf8');
    expect(service.split('\n')).toEqual(
      expect.arrayContaining([
        'Type=oneshot',
        expect.stringMatching(
          /^ExecStart=\/\S+\/node(?: --\S+){4} \/\S+\/agent\/bin\.mjs run --once --config \/etc\/certsweep\/config\.yaml$/,
        ),
        'CapabilityBoundingSet=CAP_DAC_READ_SEARCH',
        'ProtectSystem=strict',
        'ReadWritePaths=/var/lib/certsweep',
        'IOSchedulingClass=idle',
        'Nice=19',
      ]),
    );
    const timer = readFileSync(path.join(root, 'etc/systemd/system/certsweep.timer'), 'utf8');
    expect(timer.split('\n')).toEqual(
      expect.arrayContaining([
        'OnCalendar=*-*-* 02:30:00',
        'RandomizedDelaySec=3600',
        'Persistent=true',
      ]),
    );
  });

  test.skipIf(analyze === undefined)('writes units that systemd understands', async () => {
    const other = newRoot();
    await install(other, path.join(folder, 'live.yaml'));
    for (const place of [root, other]) {
      const units = ['certsweep.service', 'certsweep.timer'].map((name) =>
        path.join(place, 'etc/systemd/system', name),
      );
      // Anything it says is a failure: unknown keys are warnings with status 0.
      const args = ['verify', '--man=no', ...units];
      const said = execFileSync(analyze ?? '', args, { encoding: 'utf8', stdio: 'pipe' });
      expect(said).toBe('');
    }
  });

  test('gives the right to look at processes, and to write elsewhere, only to who asks for it', async () => {
    const other = newRoot();
    await install(other, path.join(folder, 'live.yaml'));
    const service = readFileSync(path.join(other, 'etc/systemd/system/certsweep.service'), 'utf8');
    expect(service).toContain('CapabilityBoundingSet=CAP_DAC_READ_SEARCH CAP_SYS_PTRACE\n');
    expect(service).toContain('ReadWritePaths="/srv/state of 100 %%" /srv/keys\n');
  });

  test('done again changes nothing, and needs no configuration then', async () => {
    const args = ['install', '--from-source', '--root', root];
    const before = readFileSync(path.join(root, 'etc/systemd/system/certsweep.service'), 'utf8');
    writeFileSync(path.join(root, 'var/lib/certsweep/state.sqlite'), 'kept');
    expect((await runAgent(args)).status).toBe(0);
    expect(readFileSync(path.join(root, 'etc/systemd/system/certsweep.service'), 'utf8')).toBe(
      before,
    );
    expect(readFileSync(path.join(root, 'var/lib/certsweep/state.sqlite'), 'utf8')).toBe('kept');
    expect(readdirSync(path.join(root, 'etc/certsweep'))).toEqual(['config.yaml']);
  });

  test.each([
    { name: 'without a configuration', args: [], message: '--config FILE is wanted' },
    {
      name: 'from a checkout that is not said to be one',
      args: ['--config', config],
      message: '--from-source',
    },
    {
      name: 'at an interval that a timer cannot keep',
      args: ['--from-source', '--config', path.join(folder, 'odd.yaml')],
      message: 'schedule.every: a timer can be daily',
    },
  ])('refuses $name', async ({ args, message }) => {
    const other = newRoot();
    const { status, stderr } = await runAgent(['install', ...args, '--root', other]);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(readdirSync(other)).toEqual([]);
  });

  test('refuses a folder that is a link', async () => {
    const other = newRoot();
    mkdirSync(path.join(other, 'etc'));
    symlinkSync(folder, path.join(other, 'etc/certsweep'));
    const { status, stderr } = await install(other);
    expect(status).toBe(2);
    expect(stderr).toContain('etc/certsweep is a link');
  });

  test('writes nothing with --dry-run, but shows the units', async () => {
    const other = newRoot();
    const args = ['install', '--config', config, '--from-source', '--dry-run', '--root', other];
    const run = await runAgent(args);
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('    ProtectSystem=strict\n');
    expect(readdirSync(other)).toEqual([]);
  });

  test.each(['install', 'uninstall'])('%s needs the rights for it', async (command) => {
    const args = command === 'install' ? ['--config', config, '--from-source'] : [];
    const through = process.getuid?.() === 0 ? asNobody() : [];
    const { status, stderr } = await runAgent([command, ...args], { through });
    expect(status).toBe(2);
    expect(stderr).toContain('run it as root');
  });
});

describe.skipIf(process.platform !== 'linux')('uninstall', () => {
  test('takes away what was placed, keeps configuration and state, and says so', async () => {
    const root = newRoot();
    await install(root);
    const { status, stdout } = await runAgent(['uninstall', '--root', root]);
    expect(status).toBe(0);
    expect(stdout).toContain('kept /etc/certsweep;');
    expect(stdout).toContain('kept /var/lib/certsweep;');
    expect(readdirSync(path.join(root, 'etc/systemd/system'))).toEqual([]);
    expect(existsSync(path.join(root, 'etc/certsweep/config.yaml'))).toBe(true);
    expect((await runAgent(['uninstall', '--root', root])).status).toBe(0);
  });

  test('removes them with --purge, but of the state folder only what is its own', async () => {
    const root = newRoot();
    await install(root);
    const state = path.join(root, 'var/lib/certsweep');
    writeTree(state, { 'state.sqlite': '', 'spool.sqlite-wal': '', token: '', 'mine.txt': '' });
    expect((await runAgent(['uninstall', '--purge', '--root', root])).status).toBe(0);
    expect(existsSync(path.join(root, 'etc/certsweep'))).toBe(false);
    expect(readdirSync(state)).toEqual(['mine.txt']);
  });
});

/** Another user, though this checkout may be closed to it: the program is then refused by its rights, not by ours. */
function asNobody(): string[] {
  const through = unprivileged();
  return through.includes('--reuid') ? through : [...through, '--reuid', '65534'];
}
