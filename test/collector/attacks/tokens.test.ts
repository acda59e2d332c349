import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Doors } from '../../../collector/doors/doors.ts';
import { ndjson, record } from '../records.ts';
import { bearer, DEVICE, OTHER, TABLE, UnderAttack } from './under-attack.ts';

let under: UnderAttack;

beforeAll(async () => {
  under = await UnderAttack.start();
});

afterEach(async () => under.stillServes());
afterAll(async () => under.stop());

const rows = (DeviceId: string) => ndjson([record({ DeviceId, ReportId: 1 })]);

test('a forged token, whatever is changed in it, opens nothing', async () => {
  const { device, collector } = under;
  const [, , id = '', secret = ''] = device.split('_');
  const forged = [
    device.replace('_d_', '_o_'),
    `csw_d_${'0'.repeat(16)}_${secret}`,
    `csw_d_${id}_${'A'.repeat(43)}`,
    device.slice(0, -1),
    `${device}x`,
    `' OR 1=1 --`,
    'x'.repeat(4_000),
  ];
  for (const token of forged)
    expect([
      token.slice(0, 30),
      (await collector.postRows(TABLE, rows(DEVICE), bearer(token))).status,
    ]).toEqual([token.slice(0, 30), 401]);
});

test('an expired and a revoked token open nothing, the latter from the next request on', async () => {
  const { collector } = under;
  const expired = under.token({ kind: 'reader', name: 'x', expiresTime: Date.now() - 1 });
  expect((await collector.query(TABLE, undefined, bearer(expired))).status).toBe(401);

  const operator = under.token({ kind: 'operator', name: 'x' });
  expect((await collector.query(`${TABLE} | take 1`, undefined, bearer(operator))).status).toBe(
    200,
  );
  const doors = new Doors(under.data, Date.now);
  doors.revoke(operator.split('_')[2] ?? '');
  doors.close();
  expect((await collector.query(`${TABLE} | take 1`, undefined, bearer(operator))).status).toBe(
    401,
  );
});

test('a device cannot write as another, nor read, nor enrol', async () => {
  const { collector, device, reader } = under;
  const sent = await collector.postRows(TABLE, rows(OTHER), bearer(device));
  expect(sent).toMatchObject({ status: 403, json: { error: { code: 'wrong-device' } } });
  expect((await collector.query(TABLE, undefined, bearer(device))).status).toBe(403);
  expect((await collector.enroll(device, { deviceId: OTHER })).status).toBe(403);
  const seen = `${TABLE} | where DeviceId == '${OTHER}' | count`;
  expect(await collector.query(seen, undefined, bearer(reader))).toMatchObject({
    json: { rows: [[0]] },
  });
});

test('no secret is in the output of the process or in a file of its folder', async () => {
  const { collector, device, reader, data } = under;
  const address = `${collector.url}/v1/query?token=${reader}`;
  expect((await fetch(address, { headers: bearer('csw_r_wrong') })).status).toBe(404);
  for (const token of [device, reader]) {
    const secret = token.split('_').slice(3).join('_');
    expect(collector.log).not.toContain(secret);
    for (const name of readdirSync(data)) {
      const bytes = readFileSync(path.join(data, name));
      expect([name, bytes.includes(secret)]).toEqual([name, false]);
    }
  }
});
