import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CollectorProcess, runCollector } from '../../collector/collector-process.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { ServiceProcess, writeConfig } from './service-process.ts';

const folder = temporaryFolder();
const data = path.join(folder, 'data');
const tree = path.join(folder, 'tree');
const fixtures = path.join(import.meta.dirname, '../../../fixtures/pe');
writeTree(tree, {
  'vnc.exe': readFileSync(path.join(fixtures, 'glavsoft-sha256-rfc3161.exe')),
});
const KEYS = `paths: ["${tree}"]\nschedule: {every: 24h, jitter: 0}\n`;

let collector: CollectorProcess;
beforeAll(async () => {
  mkdirSync(data);
  collector = await CollectorProcess.start(data, ['--require-tokens']);
}, 120_000);
afterAll(() => collector.stop());

/** A folder with an enrolment key, good for one device. */
async function newHome(name: string): Promise<{ home: string; keyFile: string }> {
  const home = path.join(folder, name);
  mkdirSync(home, { mode: 0o700 });
  const made = await runCollector('enroll', '--data', data, '--key');
  expect(made.status).toBe(0);
  const keyFile = path.join(home, 'key');
  writeFileSync(keyFile, made.stdout, { mode: 0o600 });
  return { home, keyFile };
}

/** Sweeps of a device whose row the collector holds: their records are there, too. */
async function sweepsOf(deviceId: string): Promise<number> {
  const reader = await runCollector('enroll', '--data', data, '--reader', 'test');
  const query = `AgentSweepInfo | where DeviceId == '${deviceId}' | count`;
  const { json } = await collector.post('/v1/query', JSON.stringify({ query }), {
    'content-type': 'application/json',
    authorization: `Bearer ${reader.stdout.trim()}`,
  });
  const { rows } = json as { rows: [[number]] };
  return rows[0][0];
}

describe('run without a token', { timeout: 240_000 }, () => {
  test('enrols with a key, keeps the token to itself, and sends with it from then on', async () => {
    const { home, keyFile } = await newHome('enrols');
    const config = writeConfig(home, collector, KEYS);
    const args = ['--once', '--config', config, '--collector-enrolment-key-file', keyFile];
    const deviceId = '0a'.repeat(20);
    const run = new ServiceProcess([...args, '--device-id', deviceId]);
    expect(await run.ended()).toBe(0);
    expect(run.events('enrolled')).toHaveLength(1);
    const token = path.join(home, 'state', 'token');
    expect(statSync(token).mode & 0o777).toBe(0o600);
    expect(run.stderr).not.toContain(readFileSync(token, 'utf8').trim());
    rmSync(keyFile);
    const again = new ServiceProcess([...args, '--device-id', deviceId]);
    expect(await again.ended()).toBe(0);
    expect(again.events('enrolled')).toEqual([]);
    expect(await sweepsOf(deviceId)).toBe(2);
  });

  test('sweeps and keeps the records where the key is used up, and says what to do', async () => {
    const { home, keyFile } = await newHome('used-up');
    writeFileSync(keyFile, 'not-a-key-of-this-collector', { mode: 0o600 });
    const config = writeConfig(home, collector, KEYS);
    const args = ['--config', config, '--collector-enrolment-key-file', keyFile];
    const run = new ServiceProcess(args);
    const { msg } = await run.until('not-drained');
    expect(msg).toContain('answered 401');
    expect(msg).toContain('certsweep-collector enroll --key');
    await run.until('sweep-ended');
    expect(await run.stop()).toBe(0);
    const once = new ServiceProcess(['--once', ...args]);
    expect(await once.ended()).toBe(2);
    expect(once.events('not-drained').at(-1)).toMatchObject({ rows: 4 });
  });
});
