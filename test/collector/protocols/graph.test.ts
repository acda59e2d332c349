import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CollectorProcess, newToken, temporaryFolder } from '../collector-process.ts';
import { daysAgo, FLEET_DEVICES, fillFleet, ownAnswer, queries } from './fleet.ts';

describe('advanced hunting as Graph and Defender take it', () => {
  const { folder, remove } = temporaryFolder();
  let collector: CollectorProcess;
  let authorization: string;
  let deviceToken: string;
  const ask = (address: string, body: object, headers: object = { authorization }) =>
    collector.post(address, JSON.stringify(body), {
      'content-type': 'application/json',
      ...headers,
    });

  beforeAll(async () => {
    collector = await CollectorProcess.start(folder, ['--require-tokens']);
    const devices = [];
    for (const device of FLEET_DEVICES) devices.push(await newToken(folder, '--device-id', device));
    await fillFleet(collector, devices);
    deviceToken = devices[0] ?? '';
    authorization = `Bearer ${await newToken(folder, '--reader', 'analyst')}`;
  });

  afterAll(async () => {
    expect(await collector.stop()).toBe(0);
    remove();
  });

  test.each(queries)('$name: the rows of /v1/query as objects', async ({ query, rows }) => {
    const own = await ownAnswer(collector, query, { authorization });
    const results = own.rows.map((row) =>
      Object.fromEntries(own.columns.map(({ name }, index) => [name, row[index]])),
    );
    const names = own.columns.map(({ name }) => name);
    const graph = await ask('/v1.0/security/runHuntingQuery', { Query: query });
    expect(results).toHaveLength(rows);
    expect(graph).toMatchObject({ status: 200, json: { results } });
    const { schema } = graph.json as { schema: { name: string }[] };
    expect(schema.map(({ name }) => name)).toEqual(names);
    for (const address of ['/api/advancedhunting/run', '/api/advancedqueries/run']) {
      const defender = await ask(address, { Query: query });
      expect(defender).toMatchObject({ status: 200, json: { Results: results } });
    }
  });

  test('a schema names .NET types', async () => {
    const Query = 'AgentFileCertificateInfo | project SHA1, Timestamp, FileSize, IsSigned, Rules';
    const { json } = await ask('/v1.0/security/runHuntingQuery', { Query });
    expect(json).toMatchObject({
      schema: [
        { name: 'SHA1', type: 'String' },
        { name: 'Timestamp', type: 'DateTime' },
        { name: 'FileSize', type: 'Int64' },
        { name: 'IsSigned', type: 'Boolean' },
        { name: 'Rules', type: 'Object' },
      ],
    });
  });

  test('Timespan holds in the query', async () => {
    const Query =
      'AgentFileCertificateInfo | summarize count() by DeviceName | sort by DeviceName asc';
    const Timespan = `P1D/${daysAgo(0).toISOString()}`;
    expect(await ask('/v1.0/security/runHuntingQuery', { Query, Timespan })).toMatchObject({
      json: {
        results: [
          { DeviceName: 'gerät-2', count_: 1 },
          { DeviceName: 'server.example', count_: 1 },
        ],
      },
    });
  });

  test.each([
    { name: 'a query that is refused', body: { Query: 'Nothing' }, error: { line: 1, column: 1 } },
    {
      name: 'a bad Timespan',
      body: { Query: 'AgentSweepInfo', Timespan: 'P1Y' },
      error: { code: 'bad-time-range' },
    },
    { name: 'a body without Query', body: { query: 'AgentSweepInfo' }, error: {} },
  ])('$name is a 400 in the form of Graph', async ({ body, error }) => {
    expect(await ask('/v1.0/security/runHuntingQuery', body)).toMatchObject({
      status: 400,
      json: {
        error: {
          message: expect.any(String),
          innerError: { 'request-id': expect.any(String), date: expect.any(String) },
          ...error,
        },
      },
    });
  });

  test.each(['/v1.0/security/runHuntingQuery', '/api/advancedhunting/run'])(
    '%s needs a reader',
    async (address) => {
      const Query = 'AgentSweepInfo';
      expect(await ask(address, { Query }, {})).toMatchObject({ status: 401 });
      const headers = { authorization: `Bearer ${deviceToken}` };
      expect(await ask(address, { Query }, headers)).toMatchObject({ status: 403 });
    },
  );
});
