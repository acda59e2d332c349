import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { FileCertificateRecord } from '../../parsers/record/columns.ts';
import { parseLines } from '../agent/run-agent.ts';
import { CollectorProcess, runCollector } from '../collector/collector-process.ts';
import type { WineHost } from '../wine-host.ts';

const fixtures = path.join(import.meta.dirname, '../../fixtures/pe');
const NAMES = ['glavsoft-sha256-rfc3161.exe', 'dual-signed.exe', 'signed-pe32.exe'];

/** The collector is a real one on Linux. */
export function shipCases(hostOf: () => WineHost): void {
  let host: WineHost;
  let folder = '';
  let collector: CollectorProcess | undefined;
  const inWine = (name: string) => host.wine.path(path.join(folder, name));

  beforeAll(() => {
    host = hostOf();
    folder = host.newFolder('ship');
    for (const name of NAMES) copyFileSync(path.join(fixtures, name), path.join(folder, name));
  });
  afterEach(async () => {
    await collector?.stop();
  });

  test('enrol, then scan: every record arrives over TLS, as --out has it', async () => {
    const data = path.join(folder, 'tls-data');
    collector = await CollectorProcess.start(data, ['--require-tokens', '--tls-self-signed']);
    const key = await runCollector('enroll', '--data', data, '--key');
    writeFileSync(path.join(folder, 'key'), key.stdout);
    const to = ['--collector', collector.url, '--token-file', inWine('token')];
    const ca = ['--ca', host.wine.path(path.join(data, 'tls', 'ca.pem'))];

    const enroll = ['enroll', ...to, '--key-file', inWine('key')];
    const stranger = await host.runAgent(...enroll);
    expect(stranger).toMatchObject({ status: 2, stderr: expect.stringContaining('--ca') });
    expect(await host.runAgent(...enroll, ...ca)).toMatchObject({ status: 0 });

    const files = NAMES.map(inWine);
    const out = ['--format', 'ndjson', '--out', inWine('shipped.ndjson')];
    const run = await host.runAgent('scan', ...files, ...out, ...to, ...ca);
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('5 rows are at the collector, the sweep row with them');

    const lines = readFileSync(path.join(folder, 'shipped.ndjson'), 'utf8');
    const written = parseLines<FileCertificateRecord>(lines).map(({ ReportId }) => ReportId);
    expect(written).toHaveLength(4);
    await collector.stop();
    const stored = await query(data, 'AgentFileCertificateInfo | project ReportId');
    expect(stored.map(({ ReportId }) => ReportId).toSorted()).toEqual(written.toSorted());
  });

  test('no collector, then killed: the next start brings every record once', async () => {
    const data = path.join(folder, 'spool-data');
    collector = await CollectorProcess.start(data);
    const { port, href } = new URL(collector.url);
    await collector.stop();
    const config = path.join(folder, 'config.yaml');
    writeFileSync(
      config,
      `paths: ['${inWine('')}']\nstate: '${inWine('state')}'\ncollector: {url: "${href}"}\n`,
    );
    const run = ['run', '--once', '--config', host.wine.path(config)];

    const first = host.startAgent(...run);
    await first.untilSaid(/"event":"sweep-ended"/);
    await first.kill();
    const list = await host.runAgent('ship', '--state', inWine('state'), '--list');
    expect(list).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^5 rows in \d batches wait/),
    });

    collector = await CollectorProcess.start(data, ['--listen', `127.0.0.1:${port}`]);
    expect(await host.runAgent(...run)).toMatchObject({ status: 0 });
    expect(await host.runAgent(...run)).toMatchObject({ status: 0 });
    await collector.stop();
    const sweeps = await query(data, 'AgentSweepInfo | project ScanId, Records, Complete');
    expect(sweeps).toHaveLength(3);
    const stored = await query(data, 'AgentFileCertificateInfo | project ScanId, ReportId');
    for (const { ScanId, Records, Complete } of sweeps) {
      const ids = stored.filter((row) => row.ScanId === ScanId).map(({ ReportId }) => ReportId);
      expect(new Set(ids).size).toBe(ids.length);
      expect([ids.length, Complete]).toEqual([Number(Records), true]);
    }
    expect(stored.length).toBeGreaterThanOrEqual(4 + 3 + 3);
  });
}

async function query(data: string, kql: string): Promise<Record<string, unknown>[]> {
  const ran = await runCollector('query', kql, '--data', data, '--format', 'json');
  expect(ran).toMatchObject({ status: 0, stderr: '' });
  return JSON.parse(ran.stdout);
}
