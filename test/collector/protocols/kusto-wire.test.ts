import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalColumns } from '../../../parsers/record/columns.ts';
import { CollectorProcess, temporaryFolder, zstd } from '../collector-process.ts';
import { ndjson, record } from '../records.ts';
import { fillFleet, NOW } from './fleet.ts';

/** Hashes of hashes of 20,000 rows: takes many seconds, and nothing but its limits ends it. */
const SLOW_ROWS = 20_000;
const HASHES = `${'hash_sha256('.repeat(25)}SHA1${')'.repeat(25)}`;
const SLOW = `AgentFileCertificateInfo
| where ${Array.from({ length: 6 }, (_, index) => `${HASHES} == '${index}'`).join(' or ')} | count`;

describe('the bytes of the Kusto protocol', () => {
  const { folder, remove } = temporaryFolder();
  let collector: CollectorProcess;
  const ask = async (address: string, csl: string, options: object = {}, headers: object = {}) => {
    const answer = await fetch(collector.url + address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ db: 'any', csl, properties: { Options: options } }),
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  const command = async (csl: string) => {
    const { status, text } = await ask('/v1/rest/mgmt', csl);
    return { status, json: JSON.parse(text) };
  };

  beforeAll(async () => {
    collector = await CollectorProcess.start(folder);
    await fillFleet(collector);
    const slow = Array.from({ length: SLOW_ROWS }, (_, index) =>
      record({ SHA1: `slow${index}`, ReportId: 100 + index, IsSigned: false }),
    );
    const sent = await collector.postRows('AgentFileCertificateInfo', zstd(ndjson(slow)), {
      'content-encoding': 'zstd',
    });
    expect(sent).toMatchObject({ status: 200, json: { stored: SLOW_ROWS } });
  });

  afterAll(async () => {
    expect(await collector.stop()).toBe(0);
    remove();
  });

  test('version 2 is frames, one a line', async () => {
    const { text } = await ask('/v2/rest/query', 'DeviceFileCertificateInfo | count');
    const lines = text.trimEnd().split('\n');
    expect(lines.at(-1)).toBe(']');
    const frames = lines.slice(0, -1).map((line) => JSON.parse(line.slice(1)));
    expect(frames).toMatchObject([
      { FrameType: 'DataSetHeader', IsProgressive: false, Version: 'v2.0' },
      { TableKind: 'QueryProperties', Rows: [[1, 'Visualization', expect.any(String)]] },
      {
        TableId: 1,
        TableKind: 'PrimaryResult',
        Columns: [{ ColumnName: 'Count', ColumnType: 'long' }],
        Rows: [[3]],
      },
      { TableKind: 'QueryCompletionInformation', Rows: [{ 5: 4 }, { 5: 6 }] },
      { FrameType: 'DataSetCompletion', HasErrors: false, Cancelled: false },
    ]);
  });

  test('the ids of a request are in the headers of its answer, whatever becomes of it', async () => {
    const sent = { 'x-ms-client-request-id': 'me;1' };
    for (const query of ['AgentSweepInfo', 'Nothing']) {
      const { headers } = await ask('/v2/rest/query', query, {}, sent);
      expect(headers.get('x-ms-client-request-id')).toBe('me;1');
      expect(headers.get('x-ms-activity-id')).toMatch(/^[\da-f-]{36}$/);
    }
    const { headers } = await ask('/v2/rest/query', 'AgentSweepInfo');
    expect(headers.get('x-ms-client-request-id')).toMatch(/^unspecified;[\da-f-]{36}$/);
  });

  test('the SDKs learn nothing of a sign-in: 404, without a token', async () => {
    const answer = await fetch(`${collector.url}/v1/rest/auth/metadata`);
    expect(answer.status).toBe(404);
  });

  test.each([
    {
      name: '.show version',
      columns: ['BuildVersion', 'BuildTime', 'ServiceType', 'ProductVersion'],
    },
    { name: '.show databases', columns: ['DatabaseName', 'PersistentStorage'] },
    { name: '.SHOW  tables;', columns: ['TableName', 'DatabaseName', 'Folder', 'DocString'] },
    { name: '.show functions', columns: ['Name', 'Parameters', 'Body', 'Folder', 'DocString'] },
    { name: '.show database schema', columns: ['DatabaseName', 'TableName', 'ColumnName'] },
    { name: ".show database ['a b'] schema", columns: ['DatabaseName', 'TableName'] },
    { name: '.show table AgentSweepInfo schema', columns: ['TableName', 'Schema'] },
  ])('$name', async ({ name, columns }) => {
    const { status, json } = await command(name);
    expect(status).toBe(200);
    const names = json.Tables[0].Columns.map((column: { ColumnName: string }) => column.ColumnName);
    expect(names.slice(0, columns.length)).toEqual(columns);
  });

  test('the schema as JSON has every table and column in order', async () => {
    const { json } = await command('.show database certsweep schema as json');
    const { Databases } = JSON.parse(json.Tables[0].Rows[0][0]);
    const { DeviceFileCertificateInfo } = Databases.certsweep.Tables;
    expect(
      DeviceFileCertificateInfo.OrderedColumns.map(({ Name }: { Name: string }) => Name),
    ).toEqual([...Object.keys(canonicalColumns), 'TimeGenerated']);
    expect(DeviceFileCertificateInfo.OrderedColumns[0]).toMatchObject({
      Type: 'System.DateTime',
      CslType: 'datetime',
    });
  });

  test.each([
    { name: '.drop table AgentSweepInfo', code: 'unsupported-command', says: '.drop table Agent' },
    { name: '.show table Nothing schema', code: 'unknown-table', says: 'Nothing' },
    { name: `.show ${'x'.repeat(2_000)}`, code: 'unsupported-command', says: '1000 characters' },
    { name: 'AgentSweepInfo', code: 'unsupported-command', says: 'AgentSweepInfo' },
  ])('the command $name is refused by its name', async ({ name, code, says }) => {
    expect(await command(name)).toMatchObject({
      status: 400,
      json: { error: { '@message': expect.stringContaining(says), innererror: { code } } },
    });
  });

  test.each([
    { options: { query_now: 'yesterday' }, says: 'query_now' },
    { options: { servertimeout: '4 minutes' }, says: 'servertimeout' },
    { options: { truncationmaxrecords: 0.5 }, says: 'truncationmaxrecords' },
    { options: { query_take_max_records: 5 }, says: 'query_take_max_records' },
    { options: { query_datetimescope_from: NOW }, says: 'query_datetimescope_from' },
    { options: { query_language: 'sql' }, says: 'query_language' },
  ])('a property that would change the answer is refused: $says', async ({ options, says }) => {
    const { status, text } = await ask('/v2/rest/query', 'AgentSweepInfo', options);
    expect(status).toBe(400);
    expect(JSON.parse(text).error['@message']).toContain(says);
  });

  test('hints are not looked at, and limits above ours are ours', async () => {
    const { status } = await ask('/v2/rest/query', 'AgentSweepInfo', {
      ...{ queryconsistency: 'weakconsistency', request_readonly: true, notruncation: true },
      ...{ norequesttimeout: true, truncationmaxrecords: 1e12, query_language: 'kql' },
    });
    expect(status).toBe(200);
  });

  test('query parameters are refused', async () => {
    const body = JSON.stringify({ csl: 'AgentSweepInfo', properties: { Parameters: { a: '1' } } });
    const headers = { 'content-type': 'application/json' };
    const answer = await collector.post('/v2/rest/query', body, headers);
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'General_BadRequest' } } });
  });

  test('a form of a web page is refused', async () => {
    const body = JSON.stringify({ csl: 'AgentSweepInfo' });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const answer = await collector.post('/v2/rest/query', body, { 'content-type': type });
      expect([400, 415]).toContain(answer.status);
    }
  });

  test('servertimeout ends a query within a second of it', async () => {
    expect(
      await collector.query(SLOW.replaceAll('sha256', 'md5').replace('Info', 'Info | take 0')),
    ).toMatchObject({ status: 200 }); // the parser is warm then
    const started = performance.now();
    const { status, text } = await ask('/v2/rest/query', SLOW, { servertimeout: '00:00:01' });
    expect(performance.now() - started).toBeLessThan(2_500);
    expect(status).toBe(504);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'Timeout', '@permanent': false } });
  });

  test('a client that goes away ends its query, and the next one is answered', async () => {
    const { hostname, port } = new URL(collector.url);
    const headers = { 'content-type': 'application/json' };
    const slow = request({ hostname, port, path: '/v2/rest/query', method: 'POST', headers });
    slow.on('error', () => undefined); // the connection is cut on purpose
    slow.end(JSON.stringify({ csl: SLOW }));
    await sleep(500);
    slow.destroy();
    const started = performance.now();
    const { status } = await ask('/v2/rest/query', 'AgentSweepInfo | count');
    expect(status).toBe(200);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('rows are taken while a slow query runs', async () => {
    const slow = ask('/v2/rest/query', SLOW, { servertimeout: '00:00:02' });
    const body = ndjson([record({ ReportId: 1_000, SHA1: 'later' })]);
    const started = performance.now();
    expect(await collector.postRows('AgentFileCertificateInfo', body)).toMatchObject({
      status: 200,
    });
    expect(performance.now() - started).toBeLessThan(1_000);
    expect((await slow).status).toBe(504);
  });
});
