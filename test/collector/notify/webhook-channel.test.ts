import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebhookChannel } from '../../../collector/notify/webhook-channel.ts';
import { notice } from './notices.ts';

const SECRET = 'a secret that only the receiver knows';
const NOW = Date.parse('2026-07-02T00:05:00Z');
let server: Server | undefined;
let channel: WebhookChannel | undefined;

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A channel to a server of this process that answers so. */
async function channelTo(answer: RequestListener): Promise<{ received: Received[] }> {
  const received: Received[] = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const { method, url, headers } = request;
    received.push({ method, url, headers, body });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = new URL(`http://127.0.0.1:${port}/hooks/certsweep`);
  channel = new WebhookChannel(
    { kind: 'webhook', name: 'soc', url, secret: SECRET, ca: undefined },
    () => NOW,
  );
  return { received };
}

const send = (...notices: Parameters<WebhookChannel['send']>[0]) =>
  (channel as WebhookChannel).send(notices, new AbortController().signal);

afterEach(async () => {
  await channel?.close();
  server?.closeAllConnections();
  server?.close();
});

/** The example of docs/scheduled-hunts.md. */
function isFromCertsweep(headers: IncomingMessage['headers'], body: string, now: number): boolean {
  const timestamp = String(headers['certsweep-timestamp']);
  const mac = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex');
  const [wanted, given] = [`v1=${mac}`, String(headers['certsweep-signature'])].map(Buffer.from);
  return (
    wanted !== undefined &&
    given?.length === wanted.length &&
    timingSafeEqual(wanted, given) &&
    Math.abs(now / 1000 - Number(timestamp)) < 300
  );
}

test('posts the notices as JSON, signed so that the documented check accepts it and no other body', async () => {
  const { received } = await channelTo((_request, response) => response.writeHead(204).end());
  const [first, second] = [notice(), notice({ deviceName: 'pc8' })];
  expect(await send(first, second)).toEqual({ kind: 'delivered' });
  const [{ method, url, headers, body }] = received as [Received];
  expect([method, url, headers['content-type']]).toEqual([
    ...['POST', '/hooks/certsweep', 'application/json'],
  ]);
  expect(JSON.parse(body)).toEqual({
    ...{ version: 1, delivery: headers['certsweep-delivery'], sent: '2026-07-02T00:05:00.000Z' },
    notices: [first, second],
  });
  expect(isFromCertsweep(headers, body, NOW)).toBe(true);
  expect(isFromCertsweep(headers, body.replace('pc8', 'pc9'), NOW)).toBe(false);
  expect(isFromCertsweep(headers, body, NOW + 600_000)).toBe(false);
});

test('the same notices sent again have the same delivery id, others have another', async () => {
  const { received } = await channelTo((_request, response) => response.end());
  await send(notice());
  await send(notice());
  await send(notice({ path: 'D:\\other.exe' }));
  const ids = received.map(({ headers }) => headers['certsweep-delivery']);
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
});

test('a hostile path is one line of JSON without control and format characters, and parses to itself', async () => {
  const { received } = await channelTo((_request, response) => response.end());
  const path = 'C:\\"],\n\u001b[2J\u202egpj.exe\u2028\u{e0041}';
  await send(notice({ path }));
  const [{ body }] = received as [Received];
  expect(body).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(JSON.parse(body).notices[0].path).toBe(path);
});

describe('an answer', () => {
  test.each([
    { status: 200, result: { kind: 'delivered' } },
    { status: 202, result: { kind: 'delivered' } },
    { status: 302, result: { kind: 'refused', ofContent: false } },
    { status: 400, result: { kind: 'refused', ofContent: true } },
    { status: 401, result: { kind: 'refused', ofContent: false } },
    { status: 404, result: { kind: 'refused', ofContent: false } },
    { status: 408, result: { kind: 'retry', afterMs: 0 } },
    { status: 413, result: { kind: 'refused', ofContent: true } },
    { status: 429, retryAfter: '7', result: { kind: 'retry', afterMs: 7_000 } },
    { status: 500, result: { kind: 'retry', afterMs: 0 } },
    {
      ...{ status: 503, retryAfter: 'Thu, 02 Jul 2026 00:06:00 GMT' },
      result: { kind: 'retry', afterMs: 60_000 },
    },
  ])('of $status is $result.kind', async ({ status, retryAfter, result }) => {
    const { received } = await channelTo((_request, response) => {
      if (retryAfter) response.setHeader('retry-after', retryAfter);
      response.writeHead(status, { location: '/elsewhere' }).end('an answer');
    });
    expect(await send(notice())).toMatchObject(result);
    expect(received.map(({ url }) => url)).toEqual(['/hooks/certsweep']); // nothing was followed
  });

  test('without an end is tried again, as is a receiver that is not there', async () => {
    await channelTo((_request, response) => response.socket?.destroy());
    expect(await send(notice())).toMatchObject({ kind: 'retry' });
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    const result = await send(notice());
    expect(result).toMatchObject({ kind: 'retry', reason: expect.stringMatching(/ECONNREFUSED/) });
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });

  test('that never comes is given up when the collector stops', async () => {
    await channelTo(() => {});
    const stopping = new AbortController();
    const sending = (channel as WebhookChannel).send([notice()], stopping.signal);
    setTimeout(() => stopping.abort(), 50);
    expect(await sending).toMatchObject({ kind: 'retry' });
  });
});
