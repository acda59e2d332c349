import { Client, ClientRequestProperties, KustoConnectionStringBuilder } from 'azure-kusto-data';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CollectorProcess, newToken, temporaryFolder } from '../collector-process.ts';
import { FLEET_DEVICES, fillFleet, NOW, ownAnswer, queries } from './fleet.ts';

/** The rows of the primary result as the collector sent them, dynamic values parsed. */
function rowsOf(answer: Awaited<ReturnType<Client['execute']>>): {
  columns: { name: string | null; type: string | null }[];
  rows: unknown[][];
} {
  const [table] = answer.primaryResults;
  if (!table) throw new Error('the answer has no primary result');
  const columns = table.columns.map(({ name, type }) => ({ name, type }));
  const rows = [...table.rows()].map((row) =>
    [...row.values()].map((cell, index) =>
      columns[index]?.type === 'dynamic' && typeof cell === 'string' ? JSON.parse(cell) : cell,
    ),
  );
  return { columns, rows };
}

function properties(options: Record<string, unknown> = {}): ClientRequestProperties {
  return new ClientRequestProperties({ query_now: NOW, ...options });
}

describe.each([
  { name: 'without a token', tokens: false },
  { name: 'with a token', tokens: true },
])('azure-kusto-data, unmodified, over HTTP $name', ({ tokens }) => {
  const { folder, remove } = temporaryFolder();
  let collector: CollectorProcess;
  let client: Client;
  let headers: Record<string, string> = {};

  beforeAll(async () => {
    collector = await CollectorProcess.start(folder, tokens ? ['--require-tokens'] : []);
    if (!tokens) {
      await fillFleet(collector);
      client = new Client(`${collector.url};Initial Catalog=anything`);
      return;
    }
    const devices = [];
    for (const device of FLEET_DEVICES) devices.push(await newToken(folder, '--device-id', device));
    await fillFleet(collector, devices);
    const token = await newToken(folder, '--reader', 'analyst');
    headers = { authorization: `Bearer ${token}` };
    client = new Client(KustoConnectionStringBuilder.withAccessToken(collector.url, token));
  });

  afterAll(async () => {
    expect(await collector.stop()).toBe(0);
    remove();
  });

  test.each(queries)('$name: the rows of /v1/query', async ({ query, rows }) => {
    const own = await ownAnswer(collector, query, headers);
    expect(own.rows).toHaveLength(rows);
    expect(rowsOf(await client.execute('anything', query, properties()))).toEqual(own);
  });

  test.each(queries)('$name by version 1: the same, but for bools', async ({ query }) => {
    const own = await ownAnswer(collector, query, headers);
    const expected = own.rows.map((row) =>
      row.map((cell) => (typeof cell === 'boolean' ? Number(cell) : cell)),
    );
    const answered = rowsOf(await client.executeQueryV1('anything', query, properties()));
    expect(answered).toEqual({ columns: own.columns, rows: expected });
  });

  test('a schema is shown', async () => {
    const shown = await client.execute('anything', '.show tables');
    const names = rowsOf(shown).rows.map(([name]) => name);
    expect(names).toContain('DeviceFileCertificateInfo');
  });

  test('a token that is none is refused', async () => {
    const wrong = new Client(KustoConnectionStringBuilder.withAccessToken(collector.url, 'x'));
    await expect(wrong.execute('anything', 'AgentSweepInfo')).rejects.toMatchObject({
      response: { status: 401, data: { error: { code: 'Unauthorized', '@permanent': true } } },
    });
  });

  if (tokens)
    test('no token is refused', async () => {
      const none = new Client(`${collector.url};Initial Catalog=anything`);
      await expect(none.execute('anything', 'AgentSweepInfo')).rejects.toMatchObject({
        response: { status: 401 },
      });
    });

  test.each([
    { name: 'a syntax error', query: 'AgentSweepInfo | where', inner: { line: 1 } },
    {
      name: 'an unknown table',
      query: 'AgentSweepInfo\n| join Nothing on DeviceId',
      inner: { line: 2, column: 8 },
    },
    {
      name: 'a table of Defender that is not here',
      query: 'DeviceProcessEvents',
      inner: { code: 'foreign-table', line: 1, column: 1 },
    },
  ])('$name is an error with its place', async ({ query, inner }) => {
    await expect(client.execute('anything', query)).rejects.toMatchObject({
      response: {
        status: 400,
        data: { error: { code: 'General_BadRequest', '@permanent': true, innererror: inner } },
      },
    });
  });

  test('more rows than truncationmaxrecords are an error, not a shorter answer', async () => {
    const asked = client.execute(
      'anything',
      'AgentFileCertificateInfo',
      properties({ truncationmaxrecords: 3 }),
    );
    await expect(asked).rejects.toThrow(
      /Kusto request had errors\. .*more than 3 rows.*E_QUERY_RESULT_SET_TOO_LARGE/,
    );
    const four = properties({ truncationmaxrecords: 4 });
    expect(rowsOf(await client.execute('x', 'AgentFileCertificateInfo', four)).rows).toHaveLength(
      4,
    );
  });

  test('and more bytes than truncationmaxsize, also by version 1', async () => {
    const small = properties({ truncationmaxsize: 100 });
    await expect(client.execute('x', 'AgentFileCertificateInfo', small)).rejects.toThrow(
      /E_QUERY_RESULT_SET_TOO_LARGE/,
    );
    await expect(
      client.executeQueryV1('x', 'AgentFileCertificateInfo', small),
    ).rejects.toMatchObject({
      response: { status: 400, data: { error: { code: 'LimitsExceeded', '@permanent': false } } },
    });
  });
});
