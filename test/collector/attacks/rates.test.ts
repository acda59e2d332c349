import { afterAll, beforeAll, expect, test } from 'vitest';
import { Doors } from '../../../collector/doors/doors.ts';
import { MAX_REQUESTS_OF_TOKEN } from '../../../collector/doors/rate-limits.ts';
import { CollectorProcess, temporaryFolder } from '../collector-process.ts';

const { folder: data, remove } = temporaryFolder();
let collector: CollectorProcess;
let busy: string;
let calm: string;

beforeAll(async () => {
  collector = await CollectorProcess.start(data);
  const doors = new Doors(data, Date.now);
  busy = doors.add({ kind: 'operator', name: 'a script gone wild' });
  calm = doors.add({ kind: 'operator', name: 'a person' });
  doors.close();
});

afterAll(async () => {
  expect(await collector.stop()).toBe(0);
  remove();
});

const ask = async (token: string) => {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${collector.url}/v1/tokens`, { headers });
  return {
    status: answer.status,
    retryAfter: answer.headers.get('retry-after'),
    text: await answer.text(),
  };
};

test('a token that asks too often is told when to come again, and others are served', async () => {
  const most = MAX_REQUESTS_OF_TOKEN.operator;
  let refused: Awaited<ReturnType<typeof ask>> | undefined;
  // A minute may end on the way: twice the limit cannot be asked within one.
  for (let asked = 0; asked <= 2 * most && !refused; asked++) {
    const answer = await ask(busy);
    if (answer.status !== 200) refused = answer;
  }
  expect(refused).toMatchObject({ status: 429, retryAfter: '60' });
  expect(JSON.parse(refused?.text ?? '')).toMatchObject({ error: { code: 'too-many-requests' } });
  expect(refused?.text).not.toContain(busy);
  expect((await ask(calm)).status).toBe(200);
}, 60_000);
