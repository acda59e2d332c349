import { createHash } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Spool } from '../../../agent/ship/spool.ts';
import { type FakeCollector, fakeCollector, type ReceivedBatch } from '../fake-collector.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Drained, drain, filledSpool, hasty } from './sending.ts';

const folder = temporaryFolder();
let folders = 0;
let collector: FakeCollector | undefined;
let spool: Spool;
afterEach(async () => {
  spool.close();
  await collector?.close();
});

const RECORDS = '/v1/tables/AgentFileCertificateInfo/rows';
const SWEEPS = '/v1/tables/AgentSweepInfo/rows';

type Answering = (batch: ReceivedBatch, response: ServerResponse, count: number) => void;

/** A spool with so many rows, and a collector that answers so. */
async function set(rows: number, answering: Answering = () => {}): Promise<FakeCollector> {
  folders += 1;
  spool = filledSpool(path.join(folder, `${folders}`), rows);
  let count = 0;
  collector = await fakeCollector((batch, response) => answering(batch, response, count++));
  return collector;
}

function ship(prefix = ''): Promise<Drained> {
  return drain(spool, { url: new URL((collector?.url ?? '') + prefix) });
}

const pathsOf = ({ received }: FakeCollector) => received.map(({ path }) => path);

describe('a collector that answers well', () => {
  test('gets batches of 5,000 rows and the sweep row last, each with its digest', async () => {
    const { received } = await set(5001);
    expect(await ship()).toEqual({
      sentRows: 5002,
      refusedBatches: 0,
      problem: undefined,
      said: [],
    });
    expect(received.map(({ path, text }) => [path, text.split('\n').length - 1])).toEqual([
      [RECORDS, 5000],
      [RECORDS, 1],
      [SWEEPS, 1],
    ]);
    for (const { headers, text } of received)
      expect(headers).toMatchObject({
        'certsweep-batch': createHash('sha256').update(text).digest('hex'),
        'content-encoding': 'zstd',
      });
    expect(spool.isEmpty).toBe(true);
  });

  test('is told the clock of this host with each batch', async () => {
    const before = Date.now();
    const { received } = await set(1);
    await ship();
    const clocks = received.map(({ headers }) => String(headers['certsweep-clock']));
    expect(clocks).toHaveLength(2);
    for (const clock of clocks) {
      expect(clock).toBe(new Date(clock).toISOString());
      expect(Date.parse(clock)).toBeGreaterThanOrEqual(before);
      expect(Date.parse(clock)).toBeLessThanOrEqual(Date.now());
    }
  });

  test('gets them below the path of its address', async () => {
    const server = await set(0);
    await ship('/certsweep/');
    expect(pathsOf(server)).toEqual([`/certsweep${SWEEPS}`]);
  });
});

describe('the same batch is sent again after', () => {
  test.each([
    { name: '503', fail: (to: ServerResponse) => to.writeHead(503).end() },
    { name: '429', fail: (to: ServerResponse) => to.writeHead(429, { 'retry-after': '0' }).end() },
    { name: '500', fail: (to: ServerResponse) => to.writeHead(500).end() },
    { name: 'a connection that is reset', fail: (to: ServerResponse) => to.destroy() },
    {
      name: 'an answer that breaks off',
      fail: (to: ServerResponse) =>
        to.writeHead(200, { 'content-length': 50 }).write('{"bat') && to.destroy(),
    },
  ])('$name', async ({ fail }) => {
    const server = await set(1, (_, response, count) => void (count === 0 && fail(response)));
    expect(await ship()).toMatchObject({ sentRows: 2, problem: undefined });
    expect(pathsOf(server)).toEqual([RECORDS, RECORDS, SWEEPS]);
    expect(server.received[1]?.text).toBe(server.received[0]?.text);
  });

  test('Retry-After has passed, and not before', async () => {
    const times: number[] = [];
    await set(1, (_, response, count) => {
      times.push(performance.now());
      if (count === 0) response.writeHead(429, { 'retry-after': '1' }).end();
    });
    expect(await ship()).toMatchObject({
      sentRows: 2,
      said: [expect.stringContaining('429'), expect.stringContaining('taken again')],
    });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(990);
  });
});

/** Answers all batches so. */
const always =
  (status: number, body: string, headers: Record<string, string> = {}): Answering =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };
const errorBody = (message: string, code = 'x') => JSON.stringify({ error: { code, message } });

describe('nothing is lost and the person is told what to do where the collector', () => {
  test.each([
    {
      name: 'answers 401',
      answer: always(401, errorBody('unknown token')),
      tries: 1,
      says: 'answered 401: unknown token. The token is missing, unknown or expired: give --token-file a valid one',
    },
    {
      name: 'answers 403 for rows of another device',
      answer: always(403, errorBody('another device', 'wrong-device')),
      tries: 1,
      says: 'answered 403: another device. The token is not for this device: enroll this one',
    },
    {
      name: 'answers 403 for a token of another kind',
      answer: always(403, errorBody('a reader', 'wrong-token')),
      tries: 1,
      says: "answered 403: a reader. The token is a reader's or an enrolment key: give --token-file a device's",
    },
    {
      name: 'answers 403 for a name that is not its own',
      answer: always(403, errorBody('not my name', 'foreign-host')),
      tries: 1,
      says: 'answered 403: not my name. The collector does not serve under this name',
    },
    {
      name: "answers 403 by a proxy's page",
      answer: always(403, '<html>Forbidden</html>'),
      tries: 1,
      says: 'answered 403: <html>Forbidden</html>. Somebody in between forbids it',
    },
    {
      name: 'is not at that path',
      answer: always(404, errorBody('there is no such address')),
      tries: 1,
      says: 'answered 404: there is no such address. Is the address that of a collector?',
    },
    {
      name: "is somebody else who finds the request bad, as a proxy's page says",
      answer: always(400, '<html>plain HTTP request was sent to HTTPS port</html>'),
      tries: 1,
      says: 'Is the address that of a collector?',
    },
    {
      name: 'is somebody else who says 200',
      answer: always(200, '<html>Welcome</html>'),
      tries: 1,
      says: 'answered 200, but not as a collector does; is the address right?',
    },
    {
      name: 'names another batch',
      answer: always(200, JSON.stringify({ batch: 'ab'.repeat(32) })),
      tries: 1,
      says: 'not as a collector does',
    },
    {
      name: 'sends elsewhere',
      answer: always(307, '', { location: '/elsewhere' }),
      tries: 1,
      says: "it sends elsewhere, and the token does not go there. Give the collector's own address",
    },
    {
      name: 'stays busy',
      answer: always(503, errorBody('too many uploads')),
      tries: 3,
      says: 'answered 503: too many uploads. Look at the collector',
    },
    {
      name: 'has a full disk',
      answer: always(507, errorBody('the disk is full')),
      tries: 3,
      says: 'The disk of the collector is full: free some space there',
    },
    {
      name: 'asks for more time than a command has',
      answer: always(503, errorBody('upgrade'), { 'retry-after': '500' }),
      tries: 1,
      says: 'answered 503: upgrade',
    },
    {
      name: 'answers without end',
      answer: (_, response) => response.writeHead(502).end('x'.repeat(10_000_000)),
      tries: 3,
      says: `answered 502: ${'x'.repeat(200)}. Look`,
    },
  ] satisfies { name: string; answer: Answering; tries: number; says: string }[])(
    '$name',
    async ({ answer, tries, says }) => {
      const server = await set(2, answer);
      const { sentRows, problem } = await ship();
      expect(problem).toContain(`${server.url}/: `);
      expect(problem).toContain(says);
      expect(sentRows).toBe(0);
      expect(server.received).toHaveLength(tries);
      expect(spool.count()).toEqual({ batches: 2, rows: 3 });
    },
  );

  test('is not there', async () => {
    const server = await set(1);
    await server.close();
    expect((await ship()).problem).toContain(
      'no answer (ECONNREFUSED): nobody listens there: is the collector running, and the port right?',
    );
    expect(spool.count().rows).toBe(2);
  });
});

test('a batch that the collector refuses is kept aside, and the others pass', async () => {
  await set(5001, (_, response, count) => {
    if (count === 0) response.writeHead(400).end(errorBody('line 7: no column Foo'));
  });
  const { sentRows, refusedBatches, problem, said } = await ship();
  expect({ sentRows, refusedBatches, problem }).toEqual({
    sentRows: 2,
    refusedBatches: 1,
    problem: undefined,
  });
  expect(said).toEqual([expect.stringMatching(/line 7: no column Foo.*5000 rows.*ship --list/)]);
  expect(spool.refused()).toMatchObject([{ rows: 5000 }]);
  expect(JSON.parse(collector?.received.at(-1)?.text ?? '')).toMatchObject({ Complete: false });
});

test('a batch that is too large is halved until it passes; a row that never does is kept aside', async () => {
  await set(8, ({ text }, response) => {
    const rows = text.split('\n').length - 1;
    if (rows > 2 || text.includes('"ReportId":3,')) response.writeHead(413).end('too large');
  });
  expect(await ship()).toMatchObject({ sentRows: 8, refusedBatches: 1, problem: undefined });
  expect(spool.refused()).toMatchObject([{ rows: 1, refusal: 'answered 413: too large' }]);
});

describe('the token', () => {
  const file = path.join(folder, 'token');
  const write = (token: string) => {
    writeFileSync(file, `${token}\n`);
    chmodSync(file, 0o600);
  };
  const answerTo =
    (valid: string, onRefusal = () => {}): Answering =>
    ({ headers }, response) => {
      if (headers.authorization === `Bearer ${valid}`) return;
      onRefusal();
      response.writeHead(401).end(errorBody('unknown token'));
    };
  const shipWithToken = () =>
    drain(spool, { url: new URL(collector?.url ?? ''), tokenFile: file }, hasty);

  test('is read again where the collector does not know it: it may have been renewed', async () => {
    write('old');
    const server = await set(
      1,
      answerTo('new', () => write('new')),
    );
    expect(await shipWithToken()).toMatchObject({ sentRows: 2, problem: undefined });
    expect(server.received).toHaveLength(3);
  });

  test('is tried once where it is still the same', async () => {
    write('old');
    const server = await set(1, answerTo('new'));
    expect((await shipWithToken()).problem).toContain('answered 401');
    expect(server.received).toHaveLength(1);
  });
});
