import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LogsQueryClient, LogsQueryResultStatus } from '@azure/monitor-query-logs';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CollectorProcess, newToken, temporaryFolder } from '../collector-process.ts';
import { daysAgo, FLEET_DEVICES, fillFleet, ownAnswer, queries } from './fleet.ts';

const WORKSPACE = '11111111-1111-1111-1111-111111111111';
const ALWAYS = { duration: 'P365D' };

describe('@azure/monitor-query-logs, unmodified, over TLS with a token', () => {
  const { folder, remove } = temporaryFolder();
  let collector: CollectorProcess;
  let ca: string;
  let headers: Record<string, string>;
  const clientWith = (token: string) => {
    const credential = {
      getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    const endpoint = `${collector.url}/v1`;
    return new LogsQueryClient(credential, {
      endpoint,
      tlsOptions: { ca },
      retryOptions: { maxRetries: 0 },
    });
  };
  let client: LogsQueryClient;

  beforeAll(async () => {
    collector = await CollectorProcess.start(folder, ['--tls-self-signed', '--require-tokens']);
    ca = readFileSync(path.join(folder, 'tls', 'ca.pem'), 'utf8');
    collector.dispatcher = new Agent({ connect: { ca } });
    const devices = [];
    for (const device of FLEET_DEVICES) devices.push(await newToken(folder, '--device-id', device));
    await fillFleet(collector, devices);
    const token = await newToken(folder, '--reader', 'analyst');
    headers = { authorization: `Bearer ${token}` };
    client = clientWith(token);
  });

  afterAll(async () => {
    expect(await collector.stop()).toBe(0);
    remove();
  });

  test.each(queries)('$name: the rows of /v1/query', async ({ query, rows }) => {
    const own = await ownAnswer(collector, query, headers);
    expect(own.rows).toHaveLength(rows);
    const answer = await client.queryWorkspace(WORKSPACE, query, ALWAYS);
    if (answer.status !== LogsQueryResultStatus.Success) throw new Error(answer.status);
    const [table] = answer.tables;
    // Dates are the one thing that the SDK makes something else of, and it drops what is below a millisecond.
    const expected = own.rows.map((row) =>
      row.map((cell, index) =>
        own.columns[index]?.type === 'datetime' && typeof cell === 'string' ? new Date(cell) : cell,
      ),
    );
    expect(table).toEqual({
      name: 'PrimaryResult',
      columnDescriptors: own.columns,
      rows: expected,
    });
  });

  const before = (date: Date, milliseconds: number) => new Date(date.getTime() - milliseconds);
  test.each([
    {
      name: 'an interval with both its ends',
      timespan: { startTime: daysAgo(29), endTime: daysAgo(1) },
      sha1s: ['01', '03', '04'],
    },
    {
      name: 'an interval that ends a millisecond before a row',
      timespan: { startTime: daysAgo(4), endTime: before(daysAgo(1), 1) },
      sha1s: ['01'],
    },
    {
      name: 'a start and a duration',
      timespan: { startTime: daysAgo(29), duration: 'P1D' },
      sha1s: ['03'],
    },
    {
      name: 'a duration and an end',
      timespan: { duration: 'P2DT1S', endTime: daysAgo(2) },
      sha1s: ['01'],
    },
    { name: 'a duration until now', timespan: { duration: 'PT36H' }, sha1s: ['02', '04'] },
  ])('the timespan holds in the query: $name', async ({ timespan, sha1s }) => {
    const query = 'AgentFileCertificateInfo | project SHA1 | sort by SHA1 asc';
    const answer = await client.queryWorkspace(WORKSPACE, query, timespan);
    expect(answer).toMatchObject({
      status: 'Success',
      tables: [{ rows: sha1s.map((sha1) => [sha1]) }],
    });
  });

  test('statistics are told where they are asked for', async () => {
    const query = 'AgentFileCertificateInfo';
    const options = { includeQueryStatistics: true, serverTimeoutInSeconds: 20 };
    const answer = await client.queryWorkspace(WORKSPACE, query, ALWAYS, options);
    expect(answer).toMatchObject({
      statistics: {
        query: { executionTime: expect.any(Number), datasetStatistics: [{ tableRowCount: 4 }] },
      },
    });
    expect(await client.queryWorkspace(WORKSPACE, query, ALWAYS)).toMatchObject({
      statistics: undefined,
    });
  });

  test('a query that is refused says where', async () => {
    const asked = client.queryWorkspace(WORKSPACE, 'AgentSweepInfo\n| where Nothing', ALWAYS);
    await expect(asked).rejects.toMatchObject({
      statusCode: 400,
      details: {
        error: {
          code: 'BadArgumentError',
          innererror: { innererror: { message: expect.stringContaining('line 2, column 9') } },
        },
      },
    });
  });

  test('another workspace beside the first is refused', async () => {
    const asked = client.queryWorkspace(WORKSPACE, 'AgentSweepInfo', ALWAYS, {
      additionalWorkspaces: ['other'],
    });
    await expect(asked).rejects.toMatchObject({ statusCode: 400 });
  });

  test('a token that is none is refused', async () => {
    const asked = clientWith('x').queryWorkspace(WORKSPACE, 'AgentSweepInfo', ALWAYS);
    await expect(asked).rejects.toMatchObject({ statusCode: 401 });
  });
});
