import {
  chmodSync,
  cpSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fakeCollector } from '../agent/fake-collector.ts';
import { selfSigned } from '../agent/ship/test-tls.ts';
import { temporaryFolder, writeTree } from '../agent/temporary-folder.ts';
import { builtExecutable, canRunExecutable } from './built-executable.ts';
import { recordFacts } from './record-facts.ts';
import { runExecutable } from './run-executable.ts';

/** Has no entry among the users of any machine that runs these tests. */
const UNKNOWN_USER = 54_321;
const NOBODY = 65_534;

describe.skipIf(!canRunExecutable())('the Linux executable', () => {
  const folder = temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  /** Others may read it, wherever the checkout lies. */
  const images = at('images');
  const scan = ['scan', images, '--format', 'ndjson', '--threads', '2', '--fail-on', 'never'];
  const quiet = [...scan, '--quiet'];
  const clean = { status: 0, stderr: '' };
  let executable = '';
  let expected: readonly string[] = [];

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    cpSync(path.join(import.meta.dirname, '../../fixtures/pe'), images, { recursive: true });
    executable = await builtExecutable();
    const { stdout } = await runExecutable(executable, quiet);
    expected = recordFacts(stdout);
    expect(expected).toHaveLength(18);
  });

  const asUser = (user: number) =>
    process.getuid?.() === 0
      ? ['/usr/bin/setpriv', '--reuid', `${user}`, '--regid', `${user}`, '--clear-groups']
      : [];
  if (process.getuid?.() !== 0)
    console.warn('certsweep: not root: other users are LEFT OUT, all runs are by this one');

  test.each([
    { name: 'nobody', user: NOBODY },
    { name: 'a user of whom the system knows nothing', user: UNKNOWN_USER },
  ])(
    'runs without environment, as $name, in a folder without write permission',
    async ({ user }) => {
      const cwd = at(`closed-${user}`);
      mkdirSync(cwd, { mode: 0o555 });
      const run = await runExecutable(executable, scan, { cwd, through: asUser(user) });
      expect(run.status).toBe(0);
      expect(recordFacts(run.stdout)).toEqual(expected);
      expect(run.stderr).toContain('16 files,');
      expect(readdirSync(cwd)).toEqual([]);
    },
  );

  test('runs under another name, from a folder with spaces and other letters', async () => {
    const place = at('Werkzeug für 日本 (тест)');
    mkdirSync(place);
    const moved = path.join(place, 'скан $HOME `x`');
    linkSync(executable, moved);
    const out = path.join(place, 'отчёт 1.ndjson');
    const run = await runExecutable(moved, [...quiet, '--out', 'отчёт 1.ndjson'], { cwd: place });
    expect(run).toMatchObject(clean);
    expect(recordFacts(readFileSync(out, 'utf8'))).toEqual(expected);
    expect(readdirSync(place)).toHaveLength(3); // itself, the records, the sweep row
  });

  test('loads nothing from the current directory', async () => {
    const cwd = at('hostile');
    const trap = `require('node:fs').writeFileSync(${JSON.stringify(at('sprung'))}, '')`;
    const modules = ['piscina', 'commander', 'undici', 'micromatch', '@napi-rs/nice', 'fs'];
    writeTree(cwd, {
      'package.json': '{"type":"module","main":"trap.js","imports":{"#x":"./trap.js"}}',
      ...Object.fromEntries(modules.map((name) => [`node_modules/${name}/index.js`, trap])),
      '.local/share/certsweep/roots.json': 'no roots',
      'worker.js': trap,
      '.env': 'NODE_OPTIONS=--require=./worker.js',
    });
    const env = { HOME: '', NODE_PATH: path.join(cwd, 'node_modules') };
    const run = await runExecutable(executable, quiet, { cwd, env });
    expect(run).toMatchObject(clean);
    expect(recordFacts(run.stdout)).toEqual(expected);
    expect(readdirSync(folder)).not.toContain('sprung');
  });

  test.each([
    // NODE_COMPILE_CACHE and NODE_V8_COVERAGE have a test of their own: Node makes the folders that they name.
    'NODE_OPTIONS=--require=/nonexistent.cjs',
    'NODE_DEBUG=fs,module,worker,http,https,tls',
    'NODE_EXTRA_CA_CERTS=/nonexistent.pem',
    'NODE_PENDING_DEPRECATION=1',
    'NODE_TLS_REJECT_UNAUTHORIZED=0',
    'NODE_UNIQUE_ID=1',
  ])('does not heed %s', async (variable) => {
    const [name = '', value] = variable.split('=');
    const run = await runExecutable(executable, quiet, { env: { [name]: value } });
    expect(run).toMatchObject(clean);
    expect(recordFacts(run.stdout)).toEqual(expected);
  });

  test('runs outside the cache and the coverage that the environment names', async () => {
    const env = { NODE_COMPILE_CACHE: at('cache'), NODE_V8_COVERAGE: at('coverage') };
    const run = await runExecutable(executable, quiet, { env });
    expect(run).toMatchObject(clean);
    expect(recordFacts(run.stdout)).toEqual(expected);
    expect(readdirSync(at('coverage')).length).toBeLessThanOrEqual(1); // of the start alone, not of the threads
  });

  test('does not send to a collector that nobody vouches for because of an authority in NODE_EXTRA_CA_CERTS', async () => {
    const identity = selfSigned();
    writeTree(folder, { 'extra.pem': identity.cert });
    const collector = await fakeCollector(undefined, identity);
    const run = await runExecutable(
      executable,
      [...quiet, '--collector', collector.url, '--state', at('state-extra')],
      { env: { NODE_EXTRA_CA_CERTS: at('extra.pem') } },
    );
    await collector.close();
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(
      'its certificate is self-signed: if it is yours, give it with --ca',
    );
    expect(collector.received).toEqual([]);
  });

  test('writes nothing but what it was told to, and what is for the collector to no one else', async () => {
    const [cwd, HOME, TMPDIR] = [at('cwd'), at('home'), at('tmp')];
    for (const place of [cwd, HOME, TMPDIR]) mkdirSync(place);
    chmodSync(TMPDIR, 0o1777);
    const before = readdirSync(folder, { recursive: true }).toSorted();
    let spool: { readonly name: string; readonly mode: number }[] = [];
    const collector = await fakeCollector(() => {
      spool = readdirSync(TMPDIR, { recursive: true, encoding: 'utf8' }).map((name) => ({
        name,
        mode: statSync(path.join(TMPDIR, name)).mode & 0o777,
      }));
    });
    const env = { HOME, TMPDIR };
    for (const args of [scan, [...quiet, '--collector', collector.url], ['roots', 'list']]) {
      const run = await runExecutable(executable, args, { cwd, env });
      expect(run.status, run.stderr).toBe(0);
    }
    await collector.close();
    expect(collector.rows('AgentFileCertificateInfo')).toHaveLength(18);
    expect(spool.map(({ name }) => name)).toContainEqual(expect.stringMatching(/spool\.sqlite$/));
    for (const { name, mode } of spool) expect(mode, name).toBe(name.includes('/') ? 0o600 : 0o700);
    expect(readdirSync(folder, { recursive: true }).toSorted()).toEqual(before);
  });

  test('says what is wrong with a TMPDIR that is not there, and what to do', async () => {
    const args = [...quiet, '--collector', 'http://127.0.0.1:9'];
    const run = await runExecutable(executable, args, { env: { TMPDIR: '/nonexistent' } });
    expect(run).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'certsweep: cannot keep unsent records in /nonexistent: the folder is not there (ENOENT). ' +
        'Name a folder for them with --state DIR\n',
    });
  });
});
