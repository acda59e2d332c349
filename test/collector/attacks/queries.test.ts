import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ndjson, record } from '../records.ts';
import { bearer, DEVICE, TABLE, UnderAttack } from './under-attack.ts';

/** Milliseconds in which an attack must have been answered: the time-out of a query, and some for the compiler. */
const PATIENCE = 75_000;

let under: UnderAttack;

beforeAll(async () => {
  under = await UnderAttack.start();
  const rows = Array.from({ length: 3_000 }, (_, ReportId) =>
    record({ DeviceId: DEVICE, ReportId, Signer: `${'a'.repeat(40)}!${ReportId}` }),
  );
  const sent = await under.collector.postRows(TABLE, ndjson(rows), bearer(under.device));
  expect(sent).toMatchObject({ status: 200, json: { stored: 3_000 } });
});

afterEach(async () => under.stillServes());
afterAll(async () => under.stop());

const ask = (query: string) => under.collector.query(query, undefined, bearer(under.reader));
const parentheses = (count: number) =>
  `${TABLE} | where ${'('.repeat(count)}ReportId > 1${')'.repeat(count)}`;

test.each([
  {
    name: 'a literal of 900 KB',
    query: () => `${TABLE} | where Signer == '${'x'.repeat(900_000)}'`,
  },
  {
    name: 'a list of 100,000 values',
    query: () => `${TABLE} | where ReportId in (${Array.from({ length: 100_000 }).fill('1')})`,
  },
  { name: '10,000 parentheses', query: () => parentheses(10_000) },
  { name: '1,000 parentheses', query: () => parentheses(1_000) },
  { name: '5,000 operators', query: () => TABLE + ' | where ReportId > 1'.repeat(5_000) },
  {
    name: '2,000 conditions',
    query: () => `${TABLE} | where ${'ReportId > 1 and '.repeat(2_000)}true`,
  },
  { name: 'a table of SQLite', query: () => 'sqlite_master | take 1' },
  { name: 'SQL', query: () => 'SELECT 1; DROP TABLE token' },
])('$name is refused with a 4xx', async ({ query }) => {
  const { status, json } = await ask(query());
  expect([status, json]).toEqual([status, { error: expect.any(Object) }]);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
});

test.each([
  { name: 'whose length is told', headers: { 'content-length': 10 << 20 }, sends: 1024 },
  { name: 'in chunks, at its second megabyte', headers: {}, sends: 1.25 * (1 << 20) },
])(
  'a literal of 10 MB, $name, is refused with 413 before all of it has come',
  async ({ headers, sends }) => {
    const sent = request(`${under.collector.url}/v1/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(under.reader), ...headers },
    });
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    // And no more: who writes on while the collector closes may not hear its answer.
    sent.write(`{"query":"${TABLE} | where Signer == '${'x'.repeat(sends)}`);
    const [answer] = await answered;
    sent.on('error', () => undefined); // the rest is never sent
    sent.destroy();
    expect(answer.statusCode).toBe(413);
  },
);

test.each([
  {
    name: 'a cross join by a constant is stopped by its time-out',
    query: `let t = ${TABLE} | extend k = 1; t | join kind=inner t on k | join kind=inner t on k | count`,
    servertimeout: '00:00:01',
    status: 504,
    says: 'the query ran longer than 1000 ms',
  },
  {
    name: 'an array that is expanded again and again is stopped by its time-out',
    query: `${TABLE} | extend a = split(Signer, 'a')${' | mv-expand b = a'.repeat(6)} | count`,
    servertimeout: '00:00:01',
    status: 504,
    says: 'the query ran longer than 1000 ms',
  },
  {
    name: 'a cross join whose rows are wanted is stopped by their number',
    query: `let t = ${TABLE} | extend k = 1; t | join kind=inner t on k | project k`,
    servertimeout: '00:00:45',
    status: 400,
    says: 'more than 500000 rows',
  },
])(
  '$name, and ingest goes on meanwhile',
  async ({ query, servertimeout, status, says }) => {
    const attack = fetch(`${under.collector.url}/v1/rest/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(under.reader) },
      body: JSON.stringify({ db: 'any', csl: query, properties: { Options: { servertimeout } } }),
    });
    const rows = ndjson([record({ DeviceId: DEVICE, ReportId: 9_000_000 + query.length })]);
    const sent = await under.collector.postRows(TABLE, rows, bearer(under.device));
    expect(sent).toMatchObject({ status: 200, json: { stored: 1 } });
    const answer = await attack;
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(says)]);
  },
  PATIENCE,
);

test('a regular expression that backtracks elsewhere is answered in linear time', async () => {
  const since = performance.now();
  const { status, json } = await ask(`${TABLE} | where Signer matches regex '(a+)+$' | count`);
  expect([status, json]).toMatchObject([200, { rows: [[0]] }]);
  expect(performance.now() - since).toBeLessThan(30_000);
});
