import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { recordColumns } from '../../../parsers/record/columns.ts';
import { ndjson, record } from '../records.ts';
import { bearer, DEVICE, TABLE, UnderAttack } from './under-attack.ts';

const INJECTIONS = [
  `'; DROP TABLE device; --`,
  `" OR ""="`,
  `x') UNION SELECT hash FROM token --`,
  `\\'; ATTACH DATABASE 'evil' AS e; --`,
  `%_\u0000'"\``,
];

let under: UnderAttack;

beforeAll(async () => {
  under = await UnderAttack.start();
});

afterEach(async () => under.stillServes());
afterAll(async () => under.stop());

const kql = (text: string) => JSON.stringify(text); // KQL's escapes of a string are a superset of JSON's
const ask = (query: string) => under.collector.query(query, undefined, bearer(under.reader));
const columns = Object.entries(recordColumns)
  .filter(([name, { type }]) => type === 'string' && name !== 'DeviceId')
  .map(([name]) => name);

test('there are string columns to attack', () => {
  expect(columns.length).toBeGreaterThan(10);
});

test.each(columns)(
  'SQL in the column %s is a value: stored as it is, and found by itself',
  async (column) => {
    const rows = INJECTIONS.map((text, index) =>
      record({ DeviceId: DEVICE, ReportId: 100 + index, [column]: text }),
    );
    const sent = await under.collector.postRows(TABLE, ndjson(rows), bearer(under.device));
    expect(sent).toMatchObject({ status: 200, json: { rows: INJECTIONS.length } });
    for (const text of INJECTIONS) {
      const found = await ask(`${TABLE} | where ${column} == ${kql(text)} | distinct ${column}`);
      expect(found).toMatchObject({ status: 200, json: { rows: [[text]] } });
    }
  },
);

test('SQL as a device, a table, a header or a token is refused', async () => {
  const { collector, device } = under;
  for (const text of INJECTIONS.slice(0, 4)) {
    const foreign = ndjson([record({ DeviceId: text, ReportId: 1 })]);
    expect((await collector.postRows(TABLE, foreign, bearer(device))).status).toBe(403);
    const rows = ndjson([record({ DeviceId: DEVICE, ReportId: 1 })]);
    const table = encodeURIComponent(text);
    expect((await collector.postRows(table, rows, bearer(device))).status).toBe(404);
    const batch = { ...bearer(device), 'certsweep-batch': text };
    expect((await collector.postRows(TABLE, rows, batch)).status).toBe(400);
    expect((await collector.postRows(TABLE, rows, bearer(text))).status).toBe(401);
    expect((await collector.enroll(text, { deviceId: text })).status).toBe(401);
    expect((await ask(text)).status).toBe(400);
  }
});
