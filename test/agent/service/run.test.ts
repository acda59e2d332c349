import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileCertificateRecord, SweepRow } from '../../../parsers/record/columns.ts';
import { type FakeCollector, fakeCollector } from '../fake-collector.ts';
import { peBytes } from '../pe-bytes.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { ServiceProcess, writeConfig } from './service-process.ts';

const folder = temporaryFolder();
const fixtures = path.join(import.meta.dirname, '../../../fixtures/pe');
const tree = path.join(folder, 'tree');
writeTree(tree, {
  'vnc.exe': readFileSync(path.join(fixtures, 'glavsoft-sha256-rfc3161.exe')),
  'unsigned.exe': peBytes(),
});
const PATHS = `paths: ["${tree}"]\n`;
const MINUTE = 60_000;

let collector: FakeCollector;
let count = 0;
beforeAll(async () => {
  collector = await fakeCollector();
});
afterAll(() => collector.close());

function newHome(): string {
  const home = path.join(folder, `home-${++count}`);
  mkdirSync(home, { mode: 0o700 });
  return home;
}

const records = (from = collector) =>
  from.rows('AgentFileCertificateInfo') as FileCertificateRecord[];
const sweeps = (from = collector) => from.rows('AgentSweepInfo') as SweepRow[];

async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(20);
}

describe('run --once', { timeout: 120_000 }, () => {
  test('sweeps, sends the signed and flagged files and the sweep row, logs events, and ends with 0', async () => {
    const own = await fakeCollector();
    const config = writeConfig(newHome(), own, PATHS);
    const run = new ServiceProcess(['--once', '--config', config]);
    expect(await run.ended()).toBe(0);
    await own.close();
    expect(records(own).map(({ FileName }) => FileName)).toEqual(['vnc.exe']);
    expect(sweeps(own)).toMatchObject([{ Complete: true, Files: 2, Flagged: 1 }]);
    expect(run.lines.map(({ event }) => event)).toEqual([
      'started',
      'sweep-started',
      'sweep-ended',
      'drained',
    ]);
    expect(run.lines[2]).toMatchObject({
      level: 'info',
      outcome: 'complete',
      files: 2,
      flagged: 1,
      scanId: sweeps(own)[0]?.ScanId,
    });
    expect(run.stderr.split('\n').filter((line) => !line.startsWith('{'))).toEqual(['']);
  });

  test('reads again only what changed, and sends again only what is flagged', async () => {
    const own = await fakeCollector();
    const two = path.join(folder, 'two');
    writeTree(two, {
      'vnc.exe': readFileSync(path.join(fixtures, 'glavsoft-sha256-rfc3161.exe')),
      'other.exe': readFileSync(path.join(fixtures, 'signed-pe32.exe')),
    });
    const old = new Date(Date.now() - 10 * MINUTE);
    for (const name of ['vnc.exe', 'other.exe']) utimesSync(path.join(two, name), old, old);
    const config = writeConfig(newHome(), own, `paths: ["${two}"]\n`);
    await eventually(() => Date.now() - statSync(path.join(two, 'vnc.exe')).ctimeMs > 3000);
    for (const sweep of [1, 2]) {
      const run = new ServiceProcess(['--once', '--config', config]);
      expect([sweep, await run.ended()]).toEqual([sweep, 0]);
    }
    await own.close();
    expect(sweeps(own)).toMatchObject([
      { Files: 2, Unchanged: 0, Flagged: 1 },
      { Files: 2, Unchanged: 2, Flagged: 1, GoneFlagged: 0 },
    ]);
    const names = records(own).map(({ FileName }) => FileName);
    expect(names.sort()).toEqual(['other.exe', 'vnc.exe', 'vnc.exe']);
  });

  test('sends unsigned files where it is told to, by the environment here', async () => {
    const own = await fakeCollector();
    const config = writeConfig(newHome(), own, PATHS);
    const environment = { CERTSWEEP_REPORT_UNSIGNED: 'true' };
    const run = new ServiceProcess(['--once', '--config', config], environment);
    expect(await run.ended()).toBe(0);
    await own.close();
    const names = records(own).map(({ FileName }) => FileName);
    expect(names.sort()).toEqual(['unsigned.exe', 'vnc.exe']);
  });

  test('keeps what a collector that is down did not take, says so with 2, and sends it the next time', async () => {
    const home = newHome();
    const down = await fakeCollector();
    await down.close();
    const first = new ServiceProcess(['--once', '--config', writeConfig(home, down, PATHS)]);
    expect(await first.ended()).toBe(2);
    expect(first.events('not-drained')).toMatchObject([{ level: 'error', rows: 2 }]);

    const own = await fakeCollector();
    const second = new ServiceProcess(['--once', '--config', writeConfig(home, own, PATHS)]);
    expect(await second.ended()).toBe(0);
    await own.close();
    expect(new Set(records(own).map(({ ScanId }) => ScanId)).size).toBe(2);
    expect(sweeps(own)).toHaveLength(2);
  });

  test('ends with 2 where a path is not there, and says which', async () => {
    const config = writeConfig(newHome(), collector, 'paths: [/nonexistent/here]\n');
    const run = new ServiceProcess(['--once', '--config', config]);
    expect(await run.ended()).toBe(2);
    expect(run.events('sweep-failed')[0]?.msg).toContain('/nonexistent/here');
  });

  test('logs no token', async () => {
    const own = await fakeCollector();
    const home = newHome();
    writeFileSync(path.join(home, 'token'), 'sesame-42\n', { mode: 0o600 });
    const keys = `${PATHS}log: {level: debug}\n`;
    const config = writeConfig(home, own, keys);
    const args = ['--once', '--config', config, '--collector-token-file', `${home}/token`];
    const run = new ServiceProcess(args);
    expect(await run.ended()).toBe(0);
    await own.close();
    expect(own.received[0]?.headers.authorization).toBe('Bearer sesame-42');
    expect(run.stderr).not.toContain('sesame');
  });

  test('with log.level error is silent when all is well', async () => {
    const config = writeConfig(newHome(), collector, PATHS);
    const run = new ServiceProcess(['--once', '--config', config, '--log-level', 'error']);
    expect(await run.ended()).toBe(0);
    expect(run.stderr).toBe('');
  });
});

describe('run', { timeout: 120_000 }, () => {
  test('sweeps again and again, and ends with 0 on SIGTERM', async () => {
    const own = await fakeCollector();
    const config = writeConfig(newHome(), own, `${PATHS}schedule: {every: 1s, jitter: 0}\n`);
    const run = new ServiceProcess(['--config', config]);
    await run.until('sweep-ended', 3);
    await eventually(() => sweeps(own).length >= 2);
    expect(await run.stop()).toBe(0);
    await own.close();
    expect(run.lines.at(-1)).toMatchObject({ event: 'stopped' });
    const scanIds = sweeps(own).map(({ ScanId }) => ScanId);
    expect(new Set(scanIds).size).toBe(scanIds.length);
    for (const scanId of scanIds)
      expect(records(own).filter(({ ScanId }) => ScanId === scanId)).toHaveLength(1);
  });

  test('gives way to everything else on the machine', async () => {
    const config = writeConfig(newHome(), collector, PATHS);
    const run = new ServiceProcess(['--config', config]);
    await run.until('next-sweep');
    expect(getPriority(run.pid)).toBe(constants.priority.PRIORITY_LOW);
    expect(await run.stop()).toBe(0);
  });

  test('started again keeps its hour', async () => {
    const config = writeConfig(newHome(), collector, `${PATHS}schedule: {every: 24h, jitter: 0}\n`);
    const first = new ServiceProcess(['--config', config]);
    const { start } = await first.until('sweep-ended');
    await first.until('next-sweep', 2);
    expect(await first.stop()).toBe(0);
    const second = new ServiceProcess(['--config', config]);
    const { due } = await second.until('next-sweep');
    expect(await second.stop()).toBe(0);
    expect(Date.parse(String(due)) - Date.parse(String(start))).toBe(24 * 60 * MINUTE);
    expect(second.events('sweep-started')).toEqual([]);
  });

  test('goes on sending between sweeps what a collector did not take at first', async () => {
    let refusals = 3;
    const own = await fakeCollector((_batch, response) => {
      if (refusals-- > 0) response.writeHead(503, { 'retry-after': '1' }).end();
    });
    const config = writeConfig(newHome(), own, `${PATHS}schedule: {every: 24h, jitter: 0}\n`);
    const run = new ServiceProcess(['--config', config]);
    await eventually(() => sweeps(own).length > 0 && refusals < 0);
    await eventually(() => run.events('shipping').some(({ level }) => level === 'info'));
    expect(await run.stop()).toBe(0);
    await own.close();
    expect(run.events('shipping')[0]).toMatchObject({ level: 'warn' });
  });

  test('does not sweep at once after a sweep that killed it', async () => {
    const home = newHome();
    const config = writeConfig(home, collector, `${PATHS}schedule: {every: 24h, jitter: 0}\n`);
    mkdirSync(path.join(home, 'state'), { mode: 0o700 });
    const attempt = { startMs: Date.now() - MINUTE };
    writeFileSync(
      path.join(home, 'state', 'last-sweep.json'),
      JSON.stringify({ format: 'certsweep last sweep 1', attempt }),
    );
    const before = Date.now();
    const run = new ServiceProcess(['--config', config]);
    const { due } = await run.until('next-sweep');
    expect(await run.stop()).toBe(0);
    expect(Date.parse(String(due)) - before).toBeGreaterThan(10 * MINUTE);
  });

  test('reads its configuration again on SIGHUP, and keeps the old one where the new one is wrong', async () => {
    const own = await fakeCollector();
    const home = newHome();
    const daily = 'schedule: {every: 24h, jitter: 0}\n';
    const config = writeConfig(home, own, `${PATHS}${daily}`);
    const run = new ServiceProcess(['--config', config]);
    await run.until('next-sweep', 2);
    writeConfig(home, own, `${PATHS}${daily}thread: 1\n`);
    run.signal('SIGHUP');
    expect((await run.until('reload-refused')).msg).toContain('did you mean threads?');
    await run.until('next-sweep', 3);
    writeConfig(home, own, `${PATHS}${daily}device: {name: other.example}\n`);
    run.signal('SIGHUP');
    await run.until('reloaded');
    await run.until('next-sweep', 4);
    expect(await run.stop()).toBe(0);
    await own.close();
    expect(run.events('started').at(-1)).toMatchObject({ deviceName: 'other.example' });
  });

  test('tries again later where a sweep failed', async () => {
    const keys = 'paths: [/nonexistent/here]\nschedule: {every: 2s, jitter: 0}\n';
    const run = new ServiceProcess(['--config', writeConfig(newHome(), collector, keys)]);
    await run.until('sweep-failed', 2);
    expect(await run.stop()).toBe(0);
  });
});

test('run stopped in the middle of a sweep keeps what was found', {
  timeout: 120_000,
}, async () => {
  const many = path.join(folder, 'many');
  const files = Array.from({ length: 6000 }, (_, index) => `${index % 40}/${index}.exe`);
  writeTree(many, Object.fromEntries(files.map((name) => [name, peBytes()])));
  const own = await fakeCollector();
  const keys = `paths: ["${many}"]\nreport_unsigned: true\nschedule: {every: 24h, jitter: 0}\n`;
  const config = writeConfig(newHome(), own, keys);
  const run = new ServiceProcess(['--config', config]);
  await run.until('sweep-started');
  expect(await run.stop()).toBe(0);
  const [ended] = run.events('sweep-ended');
  expect(ended).toMatchObject({ outcome: 'interrupted' });
  const found = Number(ended?.records);
  const rest = new ServiceProcess(['--once', '--config', config]);
  expect(await rest.ended()).toBe(0);
  await own.close();
  const interrupted = sweeps(own).find(({ Interrupted }) => Interrupted);
  expect(interrupted).toMatchObject({ Records: found, Complete: false });
  const scanId = interrupted?.ScanId;
  expect(records(own).filter(({ ScanId }) => ScanId === scanId)).toHaveLength(found);
});
