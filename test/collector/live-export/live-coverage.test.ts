import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CollectorProcess, newToken, runCollector, temporaryFolder } from '../collector-process.ts';
import { FLEET_DEVICES, fillFleet } from '../protocols/fleet.ts';
import { QueryService, TOKEN, WORKSPACE } from './query-service.ts';

const { folder, remove } = temporaryFolder();
const data = path.join(folder, 'data');
const tokenFile = path.join(folder, 'token');
let collector: CollectorProcess;
let service: QueryService | undefined;

beforeAll(async () => {
  collector = await CollectorProcess.start(data, ['--require-tokens']);
  const devices = [];
  for (const device of FLEET_DEVICES) devices.push(await newToken(data, '--device-id', device));
  await fillFleet(collector, devices);
  writeFileSync(tokenFile, `${await newToken(data, '--reader', 'analyst')}\n`, { mode: 0o600 });
});

afterEach(async () => {
  await service?.close();
  service = undefined;
});

afterAll(async () => {
  expect(await collector.stop()).toBe(0);
  remove();
});

const coverage = (...args: string[]) => runCollector('coverage', '--data', data, ...args);

describe("the collector's own protocols, asked as Graph and Log Analytics are", () => {
  test.each([
    { name: 'Microsoft Graph', format: 'graph', ask: () => ['--from-graph', '--graph-url'] },
    {
      name: 'Log Analytics',
      format: 'log-analytics',
      ask: () => ['--from-log-analytics', WORKSPACE, '--log-analytics-url'],
    },
  ])('$name covers all that the collector has', async ({ name, format, ask }) => {
    const asked = [...ask(), collector.url, '--query-token-file', tokenFile];
    const ran = await coverage(...asked, '--format', 'json', '--fail-under', '100');
    expect({ status: ran.status, stderr: ran.stderr.split('\n')[0] }).toEqual({
      status: 0,
      stderr: expect.stringMatching(
        new RegExp(`^${name}: \\S+Z to \\S+Z: \\d+ rows, \\d+ in all$`),
      ),
    });
    const report = JSON.parse(ran.stdout);
    expect(report).toMatchObject({
      recall: 1,
      exports: [{ name, format, rows: 3, bad: 0, outside: 0 }],
    });
    const compared = report.devices.map(
      ({ state, both, onlyAgent, onlyExport, differing }: Record<string, unknown>) => ({
        ...{ state, both, onlyAgent, onlyExport, differing },
      }),
    );
    const whole = { state: 'compared', onlyAgent: 0, onlyExport: 0, differing: 0 };
    expect(compared).toEqual([
      { ...whole, both: 1 },
      { ...whole, both: 2 },
    ]);
  });
});

describe('a live comparison', () => {
  test('that the service refuses exits with 2, says why, and never the token', async () => {
    service = await QueryService.start({ rows: [] });
    const ran = await coverage(
      ...['--from-graph', '--graph-url', service.url, '--query-token-file', tokenFile],
    );
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('Microsoft Graph answered 401');
    expect(ran.stderr).toContain('ThreatHunting.Read.All');
    expect(ran.stderr).not.toContain(TOKEN);
  });

  test('that ends in the middle exits with 3, and what was read counts', async () => {
    const now = Date.now();
    const rows = Array.from({ length: 40 }, (_, index) => ({
      Timestamp: new Date(now - index * 86_400_000).toISOString(),
      DeviceId: FLEET_DEVICES[0],
      DeviceName: 'server.example',
      SHA1: `0${index}`,
      IsSigned: true,
      Signer: 'GlavSoft LLC.',
      ReportId: index,
    }));
    const gone = (...[, response]: Parameters<NonNullable<ServiceAnswer>>) =>
      void response.writeHead(403).end();
    const first = [...Array(20).fill(undefined), ...Array(40).fill(gone)];
    const token = tokenOf(TOKEN);
    service = await QueryService.start({ rows, first });
    const ran = await coverage(
      ...['--from-graph', '--graph-url', service.url, '--query-token-file', token],
      ...['--format', 'json'],
    );
    expect(ran.status).toBe(3);
    expect(JSON.parse(ran.stdout).exports).toMatchObject([
      { rows: 20, stopped: expect.stringContaining('answered 403') },
    ]);
  });

  test.each([
    { args: [], says: 'nothing to compare with' },
    { args: ['--from-graph'], says: '--query-token-file FILE, or CERTSWEEP_QUERY_TOKEN' },
    { args: ['--from-graph', '--from-log-analytics', WORKSPACE], says: 'one of them at a time' },
    { args: ['x.json', '--graph-url', 'https://graph.microsoft.us'], says: 'which is not there' },
    { args: ['x.json', '--query-token-file', 'x'], says: 'of which none is there' },
    { args: ['--from-graph', '--graph-url', 'http://example.com'], says: 'in clear' },
    { args: ['--from-graph', '--window', '31d'], says: 'has the last 30 days only' },
  ])('by $args is refused', async ({ args, says }) => {
    const ran = await coverage(...args);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain(says);
  });
});

type ServiceAnswer = NonNullable<Parameters<typeof QueryService.start>[0]['first']>[number];

function tokenOf(text: string): string {
  const file = path.join(folder, 'other-token');
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}
