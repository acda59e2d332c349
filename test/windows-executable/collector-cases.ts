import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { runAgent } from '../agent/run-agent.ts';
import { runCollector } from '../collector/collector-process.ts';
import type { WineHost } from '../wine-host.ts';

const fixtures = path.join(import.meta.dirname, '../../fixtures');
const NOW = '2099-01-01T00:00:00Z';
const everyOperator = readFileSync(
  path.join(fixtures, 'kql', 'every-operator', 'query.kql'),
  'utf8',
);

/** What the collector for Windows answers is held against what the source on Linux answers of the same files. */
export function collectorCases(hostOf: () => WineHost): void {
  let host: WineHost;
  let folder = '';
  let data = '';
  const linuxData = () => path.join(folder, 'linux data');

  beforeAll(() => {
    host = hostOf();
    folder = host.newFolder('to import');
    data = host.wine.path(path.join(folder, 'Daten für Prüfung'));
  });

  test('prints its version and help, and ends with 2 where there is no database', async () => {
    const version = await host.runCollector('--version');
    expect(version).toMatchObject({ status: 0, stderr: '' });
    expect(version.stdout).toBe((await runCollector('--version')).stdout);
    const help = await host.runCollector('import', '--help');
    expect(help).toMatchObject({ status: 0, stdout: expect.stringContaining('Example:') });
    const none = await host.runCollector('query', 'AgentSweepInfo', '--data', 'C:\\none');
    expect(none).toMatchObject({ status: 2, stdout: '' });
    expect(none.stderr).toContain('there is no collector database');
  });

  test('import takes the records of a sweep and its sweep row, and a second time nothing', async () => {
    const records = path.join(folder, 'records.ndjson');
    const out = ['--format', 'ndjson', '--out', records];
    await runAgent(['scan', path.join(fixtures, 'pe'), ...out, '--device-name', 'PC7']);
    const linux = await runCollector('import', records, '--data', linuxData());
    const windows = await host.runCollector('import', host.wine.path(records), '--data', data);
    expect(windows).toMatchObject({ status: 0, stderr: '' });
    expect(windows.stdout).toBe(linux.stdout.replace(records, host.wine.path(records)));
    expect(windows.stdout).toContain('18 rows, 18 stored');
    const again = await host.runCollector('import', host.wine.path(records), '--data', data);
    expect(again.stdout).toContain('18 rows, 0 stored, 18 there already');
  });

  test('hunt finds the devices that it finds on Linux, with the Sentinel query unchanged', async () => {
    const args = ['hunt', 'TightVNC', '--format', 'json'];
    const windows = await host.runCollector(...args, '--data', data);
    expect(windows.status).toBe(0);
    const rows = JSON.parse(windows.stdout);
    // Seven are flagged; both signatures of the dual-signed file count once.
    expect(rows).toMatchObject([{ DeviceName: 'PC7', Count: 6 }]);
    const linux = await runCollector(...args, '--data', linuxData());
    expect(rows).toEqual(JSON.parse(linux.stdout));
  });

  test.for([
    { name: 'every operator', kql: everyOperator },
    {
      name: 'strings without regard to case, in any script',
      kql: "AgentFileCertificateInfo | where Signer contains 'пример' or Signer has 'GLAVSOFT' | sort by ReportId asc | project FileName, Signer, Findings, Timestamp",
    },
  ])('a query answers as on Linux: $name', async ({ kql }) => {
    const args = ['query', kql, '--now', NOW, '--format', 'json'];
    const windows = await host.runCollector(...args, '--data', data);
    expect(windows).toMatchObject({ status: 0, stderr: '' });
    const linux = await runCollector(...args, '--data', linuxData());
    expect(JSON.parse(windows.stdout)).toEqual(JSON.parse(linux.stdout));
    expect(JSON.parse(linux.stdout)).not.toHaveLength(0);
  });

  test('a query that KQL refuses ends with 2, line and column', async () => {
    const ran = await host.runCollector('query', 'AgentSweepInfo | nope', '--data', data);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toMatch(/at line 1, column \d+/);
  });

  test('serve takes the records of an agent on Linux; killed, it has them still', async () => {
    const served = host.wine.path(path.join(folder, 'served'));
    const listen = ['--data', served, '--listen', '127.0.0.1:0'];
    const server = host.wine.start(host.collector, ['serve', ...listen]);
    try {
      const [, url = ''] = await server.untilSaid(/listening on (\S+)\n/);
      const tree = path.join(fixtures, 'pe');
      const scan = await runAgent(['scan', tree, '--format', 'ndjson', '--collector', url]);
      expect(scan.stderr).toContain('19 rows are at the collector, the sweep row with them');
    } finally {
      await server.kill();
    }
    const kql = 'AgentFileCertificateInfo | count';
    const counted = await host.runCollector('query', kql, '--data', served, '--format', 'json');
    expect(JSON.parse(counted.stdout)).toEqual([{ Count: 18 }]);
  });
}
