import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { closestName } from '../../../agent/service/closest-name.ts';
import {
  configKeyNames,
  configReference,
  environmentName,
  flagName,
} from '../../../agent/service/config-keys.ts';
import { runAgent } from '../run-agent.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { MINIMAL, problemsOf, readConfig } from './read-config.ts';

const docs = path.join(import.meta.dirname, '../../../docs');
describe('a configuration', () => {
  test('with the required keys alone has the defaults for the rest', () => {
    const { config, warnings } = readConfig(MINIMAL);
    expect(config).toMatchObject({
      paths: ['/srv'],
      state: '/var/lib/certsweep',
      spool_cap: 512_000_000,
      'schedule.every': 86_400_000,
      'schedule.jitter': 1_800_000,
      resend_days: 4,
      io_limit: 20,
      report_unsigned: false,
      'log.level': 'info',
    });
    expect(config['collector.url'].href).toBe('https://c.example/');
    expect(config['schedule.at']).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  test('keeps its state elsewhere on Windows', () => {
    expect(readConfig(MINIMAL, { platform: 'win32' }).config.state).toBe(
      'C:\\ProgramData\\certsweep\\state',
    );
  });

  test('reads each kind of value', () => {
    const text = `${MINIMAL}max_file_size: 2 GiB\nresend_days: 30\nschedule: {every: 7d, at: "02:30"}\nstrict: true\ndevice: {id: ${'AB'.repeat(20)}}\nexclude: '*.iso'\n`;
    expect(readConfig(text).config).toMatchObject({
      max_file_size: 2 * 2 ** 30,
      'schedule.every': 7 * 86_400_000,
      'schedule.at': '02:30',
      strict: true,
      'device.id': 'ab'.repeat(20),
      exclude: ['*.iso'],
    });
  });

  test('takes a flag before a variable, a variable before the file, and the file before a default', () => {
    const text = `${MINIMAL}threads: 2\nio_limit: 30\nspool_cap: 1MB\n`;
    const environment = { CERTSWEEP_THREADS: '3', CERTSWEEP_IO_LIMIT: '40', CERTSWEEP_STATE: '' };
    const { config, given } = readConfig(text, { flags: { threads: ['4'] }, environment });
    expect(config).toMatchObject({ threads: 4, io_limit: 40, spool_cap: 1e6 });
    const origins = ['threads', 'io_limit', 'spool_cap', 'state'] as const;
    expect(origins.map((key) => given.get(key)?.from)).toEqual([
      'flag',
      'environment',
      'file',
      'default',
    ]);
  });

  test.each([
    { platform: 'linux', text: '/a:/b:', paths: ['/a', '/b'] },
    { platform: 'win32', text: 'C:\\a;D:\\b', paths: ['C:\\a', 'D:\\b'] },
  ] as const)('parts a list in a variable as PATH on $platform', ({ platform, text, paths }) => {
    const environment = { CERTSWEEP_PATHS: text };
    expect(readConfig(MINIMAL, { platform, environment }).config.paths).toEqual(paths);
  });

  test('warns of a variable that nothing reads', () => {
    expect(
      readConfig(MINIMAL, { environment: { CERTSWEEP_THREDS: '1', OTHER: 'x' } }).warnings,
    ).toEqual([
      'environment variable CERTSWEEP_THREDS is not used; did you mean CERTSWEEP_THREADS?',
    ]);
  });
});

test.each([
  { given: 'schedule.evry', closest: 'schedule.every' },
  { given: 'Paths', closest: 'paths' },
  { given: 'zzzzzz', closest: undefined },
  { given: 'x'.repeat(1000), closest: undefined },
])('the closest name to $given is $closest', ({ given, closest }) => {
  expect(closestName(given, configKeyNames)).toBe(closest);
});

test('no two keys share a flag or a variable', () => {
  expect(new Set(configKeyNames.map(flagName)).size).toBe(configKeyNames.length);
  expect(new Set(configKeyNames.map(environmentName)).size).toBe(configKeyNames.length);
});

describe('the documents', () => {
  test('hold the reference as `config keys` prints it', async () => {
    const { stdout } = await runAgent(['config', 'keys']);
    expect(stdout).toBe(configReference());
    expect(readFileSync(path.join(docs, 'agent-config.md'), 'utf8')).toContain(stdout);
  });

  test('have an example that can be used', () => {
    const file = path.join(docs, 'agent-config.example.yaml');
    expect(problemsOf(readFileSync(file, 'utf8'))).toEqual([]);
  });
});

describe('config check', () => {
  const folder = temporaryFolder();
  writeTree(folder, {
    'good.yaml': MINIMAL,
    'bad.yaml': 'thread: "\\u001b[2J"\n',
    'binary.yaml': new Uint8Array([0xff, 0xfe]),
  });
  const check = (file: string, ...flags: string[]) =>
    runAgent(['config', 'check', path.join(folder, file), ...flags]);

  test('shows each value with its origin and ends with 0', async () => {
    const { status, stdout, stderr } = await check(
      'good.yaml',
      '--exclude',
      '*.a',
      '--exclude',
      'b',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^paths +\/srv +line 1$/m);
    expect(stdout).toMatch(/^exclude +\*\.a +--exclude\n +b +--exclude$/m);
    expect(stdout).toMatch(/^schedule\.every +24h +default$/m);
  });

  test('as JSON', async () => {
    const { stdout } = await check('good.yaml', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      keys: {
        paths: { value: '/srv', from: 'line 1' },
        threads: { value: '1', from: 'default' },
      },
    });
  });

  test('ends with 1 for one that cannot be used', async () => {
    const { status, stdout, stderr } = await check('bad.yaml');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('bad.yaml:1:1: thread: unknown key; did you mean threads?');
  });

  test.each([
    { file: 'absent.yaml', reason: 'ENOENT' },
    { file: '.', reason: 'is not a file' },
    { file: 'binary.yaml', reason: 'it is not UTF-8' },
  ])('ends with 2 where $file cannot be read', async ({ file, reason }) => {
    const { status, stderr } = await check(file);
    expect(status).toBe(2);
    expect(stderr).toContain(reason);
  });
});
