import { afterAll, beforeAll, expect, test } from 'vitest';
import { Doors } from '../../collector/doors/doors.ts';
import type { TokenPurpose } from '../../collector/doors/write-token.ts';
import { CollectorProcess, runCollector, temporaryFolder } from './collector-process.ts';

const { folder: data, remove } = temporaryFolder();
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const idOf = (token: string) => token.split('_')[2] ?? '';
let collector: CollectorProcess;
let operator: string;
let reader: string;

function addToken(purpose: TokenPurpose): string {
  const doors = new Doors(data, Date.now);
  try {
    return doors.add(purpose);
  } finally {
    doors.close();
  }
}

beforeAll(async () => {
  collector = await CollectorProcess.start(data); // which requires no tokens to read and write
  operator = addToken({ kind: 'operator', name: 'lead' });
  reader = addToken({ kind: 'reader', name: 'soc' });
});

afterAll(async () => {
  expect(await collector.stop()).toBe(0);
  remove();
});

const list = (headers: Record<string, string>) => fetch(`${collector.url}/v1/tokens`, { headers });

test('only an operator lists and ends tokens, also where no tokens are required', async () => {
  expect((await list({})).status).toBe(401);
  expect((await list(bearer(reader))).status).toBe(403);
  const path = `/v1/tokens/${idOf(reader)}/revoke`;
  expect((await collector.post(path, '', {})).status).toBe(401);
  expect((await collector.post(path, '', bearer(reader))).status).toBe(403);
});

test('an operator sees no secret', async () => {
  const text = await (await list(bearer(operator))).text();
  const { tokens } = JSON.parse(text) as { tokens: object[] };
  expect(tokens).toContainEqual(
    expect.objectContaining({ id: idOf(reader), kind: 'reader', name: 'soc', state: 'active' }),
  );
  for (const secret of [operator, reader]) expect(text).not.toContain(secret.slice(23));
  expect(text).not.toContain('hash');
});

test('what an operator ends opens nothing from then on, and the audit log names the operator', async () => {
  const asked = () => collector.query('AgentSweepInfo', undefined, bearer(reader));
  expect((await asked()).status).toBe(200);
  const path = `/v1/tokens/${idOf(reader)}/revoke`;
  expect(await collector.post(path, '', bearer(operator))).toEqual({
    ...{ status: 200, json: { revoked: idOf(reader) } },
  });
  expect((await asked()).status).toBe(401);
  const unknown = `/v1/tokens/${'0'.repeat(16)}/revoke`;
  expect((await collector.post(unknown, '', bearer(operator))).status).toBe(404);
  expect((await collector.post('/v1/tokens/x/revoke', '', bearer(operator))).status).toBe(400);
  const { stdout } = await runCollector('audit', '--data', data, '--format', 'json');
  expect(JSON.parse(stdout)).toContainEqual(
    expect.objectContaining({
      ...{ event: 'revoked', tokenId: idOf(operator), tokenName: 'lead', address: '127.0.0.1' },
      what: `revoked token ${idOf(reader)}`,
    }),
  );
});
