import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_LINE_BYTES } from '../../collector/ingest/parse-line.ts';
import { CollectorProcess, temporaryFolder, zstd } from './collector-process.ts';
import { ndjson, record, sweep } from './records.ts';

const TABLE = 'AgentFileCertificateInfo';
const good = ndjson([record({ ReportId: 1 })]);
const bytes = (buffer: Uint8Array) => Uint8Array.from(buffer);

describe('the collector over HTTP', () => {
  const { folder, remove } = temporaryFolder();
  let collector: CollectorProcess;

  beforeAll(async () => {
    collector = await CollectorProcess.start(folder);
  });

  afterAll(async () => {
    expect(await collector.stop()).toBe(0);
    remove();
  });

  test('answers healthz', async () => {
    const answer = await fetch(`${collector.url}/healthz`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
  });

  test('a resend in any encoding is a duplicate of the same batch', async () => {
    const body = ndjson([record({ ReportId: 10 }), record({ ReportId: 11 })]);
    const batch = createHash('sha256').update(body).digest('hex');
    const first = { batch, table: TABLE, rows: 2, stored: 2, duplicate: false };
    const header = { 'certsweep-batch': batch };
    expect(await collector.postRows(TABLE, body, header)).toEqual({ status: 200, json: first });
    const again = { ...first, stored: 0, duplicate: true };
    const encoded: [Uint8Array<ArrayBuffer>, string][] = [
      [zstd(body), 'zstd'],
      [bytes(gzipSync(body)), 'gzip'],
    ];
    for (const [sent, encoding] of encoded)
      expect(
        await collector.postRows(TABLE, sent, { ...header, 'content-encoding': encoding }),
      ).toEqual({ status: 200, json: again });
  });

  test('a row that came in another batch already is not stored again', async () => {
    const [known, fresh] = [record({ ReportId: 20 }), record({ ReportId: 21 })];
    await collector.postRows(TABLE, ndjson([known]));
    const answer = await collector.postRows(TABLE, ndjson([known, fresh]));
    expect(answer.json).toMatchObject({ rows: 2, stored: 1, duplicate: false });
  });

  test('the clock of an agent is kept with its device; one that is no date costs no rows', async () => {
    const [told, untold] = ['b'.repeat(40), 'c'.repeat(40)];
    const send = (DeviceId: string, clock: string) =>
      collector.postRows(TABLE, ndjson([record({ DeviceId, ReportId: 30 })]), {
        'certsweep-clock': clock,
      });
    expect((await send(told, '2020-01-01T00:00:00.000Z')).json).toMatchObject({ stored: 1 });
    expect((await send(untold, 'yesterday')).json).toMatchObject({ stored: 1 });
    const query = `AgentContactInfo | where DeviceId in ('${told}', '${untold}') | sort by DeviceId asc | project LastSent`;
    expect((await collector.query(query)).json).toMatchObject({
      rows: [['2020-01-01T00:00:00Z'], [null]],
    });
    const metrics = await (await fetch(`${collector.url}/metrics`)).text();
    expect(metrics).toContain('\ncertsweep_collector_unreadable_clocks_total 1\n');
  });

  test('a sweep row is stored and queried', async () => {
    const row = sweep({ ScanId: 's1', Complete: true, Skipped: { unreadable: 2 }, Entries: 5 });
    const sent = await collector.postRows('AgentSweepInfo', ndjson([row]));
    expect(sent.json).toMatchObject({ stored: 1 });
    const query = 'AgentSweepInfo | project Timestamp, ScanId, Complete, Skipped, Entries, Files';
    expect((await collector.query(query)).json).toMatchObject({
      rows: [['2026-07-01T00:00:00Z', 's1', true, { unreadable: 2 }, 5, null]],
    });
  });

  test.each([
    {
      name: 'not NDJSON',
      body: 'hello',
      status: 400,
      error: { code: 'bad-rows', line: 1, column: null },
    },
    {
      name: 'JSON that is no object',
      body: `${good}[1]`,
      status: 400,
      error: {
        code: 'bad-rows',
        line: 2,
        problems: [
          {
            code: 'not-an-object',
            line: 2,
            column: null,
            message: 'expected a JSON object, found an array',
          },
        ],
      },
    },
    {
      name: 'a wrong type',
      body: `${good}\n${JSON.stringify({ ...record({}), IsSigned: 'yes' })}`,
      status: 400,
      error: { code: 'bad-rows', line: 3, column: 'IsSigned', problems: [{ code: 'wrong-type' }] },
    },
    {
      name: 'an unknown column',
      body: JSON.stringify({ ...record({}), Foo: 1 }),
      status: 400,
      error: { code: 'bad-rows', line: 1, column: 'Foo', problems: [{ code: 'unknown-column' }] },
    },
    {
      name: 'bytes that are not UTF-8',
      body: Uint8Array.of(0x7b, 0xff),
      status: 400,
      error: { line: 1, problems: [{ code: 'not-utf8' }] },
    },
    { name: 'an empty body', body: '', status: 400, error: { code: 'empty-body' } },
    { name: 'empty lines only', body: '\n\r\n \n', status: 400, error: { code: 'empty-body' } },
    {
      name: 'a line that never ends',
      body: 'x'.repeat(MAX_LINE_BYTES + 1),
      status: 413,
      error: { code: 'line-too-long' },
    },
    {
      name: 'too many rows',
      body: '{}\n'.repeat(20_001),
      status: 413,
      error: { code: 'too-many-rows' },
    },
    {
      name: 'a body past the limit',
      body: 'x'.repeat(16 * 1024 * 1024 + 1),
      status: 413,
      error: { code: 'body-too-large' },
    },
    {
      name: 'a batch header of another body',
      body: good,
      headers: { 'certsweep-batch': '00' },
      status: 400,
      error: { code: 'batch-mismatch' },
    },
    {
      name: 'an unknown encoding',
      body: good,
      headers: { 'content-encoding': 'br' },
      status: 415,
      error: { code: 'unsupported-encoding' },
    },
    {
      name: 'plain bytes under the name of gzip',
      body: good,
      headers: { 'content-encoding': 'gzip' },
      status: 400,
      error: { code: 'bad-encoding' },
    },
    {
      name: 'plain bytes under the name of zstd',
      body: good,
      headers: { 'content-encoding': 'zstd' },
      status: 400,
      error: { code: 'bad-encoding' },
    },
    {
      name: 'a cut-off zstd frame',
      body: zstd(good.repeat(50)).slice(0, -4),
      headers: { 'content-encoding': 'zstd' },
      status: 400,
      error: { code: 'bad-encoding' },
    },
    {
      name: 'a gzip bomb',
      body: bytes(gzipSync(new Uint8Array(64 * 1024 * 1024))),
      headers: { 'content-encoding': 'gzip' },
      status: 413,
      error: { code: 'body-too-large' },
    },
    {
      name: 'a zstd bomb',
      body: bytes(zstdCompressSync(new Uint8Array(64 * 1024 * 1024))),
      headers: { 'content-encoding': 'zstd' },
      status: 413,
      error: { code: 'body-too-large' },
    },
    {
      name: 'a type that a web page may send',
      body: good,
      headers: { 'content-type': 'text/plain' },
      status: 415,
      error: { code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE' },
    },
  ])('refuses $name with $status', async ({ body, headers, status, error }) => {
    const answer = await collector.postRows(TABLE, body, headers as Record<string, string>);
    expect(answer).toMatchObject({ status, json: { error } });
  });

  test('nothing of a refused body is stored', async () => {
    await collector.postRows(TABLE, ndjson([record({ ReportId: 666 }), { Foo: 1 }]));
    const found = await collector.query('AgentFileCertificateInfo | where ReportId == 666 | count');
    expect(found.json).toMatchObject({ rows: [[0]] });
  });

  test('a sweep row may be longer than a record, as with a thousand files that are gone', async () => {
    const GoneFiles = Array.from({ length: 1000 }, (_, index) => ({
      path: `C:\\${'folder\\'.repeat(40)}${index}.exe`,
      ...{ sha1: 'a'.repeat(40), rules: ['r1'], lastSeen: '2026-07-01T00:00:00Z' },
    }));
    const body = ndjson([sweep({ ScanId: 'gone', GoneFlagged: 1000, GoneFiles })]);
    expect(body.length).toBeGreaterThan(MAX_LINE_BYTES);
    expect(await collector.postRows('AgentSweepInfo', body)).toMatchObject({ status: 200 });
    const query = "AgentSweepInfo | where ScanId == 'gone' | project GoneFlagged, GoneFiles";
    expect((await collector.query(query)).json).toMatchObject({ rows: [[1000, GoneFiles]] });
  });

  test('an address that cannot be decoded is answered in our form, with the headers of every answer', async () => {
    const answer = await fetch(`${collector.url}/v1/tables/%ZZ/rows`);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await answer.json()).toEqual({
      error: { code: 'FST_ERR_BAD_URL', message: expect.stringContaining('not a valid url') },
    });
  });

  test('rows for a view or an unknown table are refused by name', async () => {
    expect(await collector.postRows('DeviceFileCertificateInfo', good)).toMatchObject({
      status: 404,
      json: { error: { code: 'unknown-table' } },
    });
  });

  test.each([
    {
      name: 'an error of Microsoft’s analysis',
      query: 'AgentSweepInfo\n| where Nope == 1',
      error: { code: 'KS142', line: 2, column: 9 },
    },
    {
      name: 'a table that we do not have',
      query: 'DeviceProcessEvents | take 1',
      error: { code: 'foreign-table', line: 1, column: 1 },
    },
    {
      name: 'an operator that we do not have',
      query: 'AgentSweepInfo | sample 1',
      error: { code: 'unsupported-operator', line: 1 },
    },
  ])('$name is 400 with its place', async ({ query, error }) => {
    expect(await collector.query(query)).toMatchObject({ status: 400, json: { error } });
  });

  test.each([
    {
      name: 'another Host, as after DNS rebinding',
      headers: { host: 'evil.example' },
      code: 'foreign-host',
    },
    {
      name: 'an Origin of another site',
      headers: { origin: 'https://evil.example' },
      code: 'foreign-origin',
    },
  ])('refuses $name', async ({ headers, code }) => {
    const answer = await rawRequest(`${collector.url}/healthz`, headers);
    expect(answer).toMatchObject({ status: 403, json: { error: { code } } });
  });
});

/** fetch() does not let a caller set Host. */
function rawRequest(
  url: string,
  headers: Record<string, string | undefined>,
): Promise<{ status: number | undefined; json: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value));
    const outgoing = request(url, { headers: sent as Record<string, string> }, async (incoming) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
      const json: unknown = JSON.parse(Buffer.concat(chunks).toString());
      resolve({ status: incoming.statusCode, json });
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}
