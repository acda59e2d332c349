import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CollectorProcess, temporaryFolder } from './collector-process.ts';
import { ndjson, record } from './records.ts';

const TABLE = 'AgentFileCertificateInfo';
const ROWS = 200;
const SENDERS = 6;

let data: string;
let remove: () => void;
let collector: CollectorProcess;

beforeEach(async () => {
  ({ folder: data, remove } = temporaryFolder());
  collector = await CollectorProcess.start(data);
});

afterEach(async () => {
  await collector.stop('SIGKILL');
  remove();
});

/** The body of a batch whose rows nobody else sends. */
function batch(number: number): string {
  const ids = Array.from({ length: ROWS }, (_, index) => number * ROWS + index);
  return ndjson(ids.map((ReportId) => record({ ReportId })));
}

/** How often each ReportId is in the store, asked of a collector that is started for it. */
async function storedIds(): Promise<Map<number, number>> {
  const after = await CollectorProcess.start(data);
  const { json: answer } = await after.query(`${TABLE} | project ReportId`);
  expect(await after.stop()).toBe(0);
  const counts = new Map<number, number>();
  for (const [id = 0] of (answer as { rows: number[][] }).rows)
    counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

test('SIGTERM during uploads: what was answered 200 is on disk once, and the status is 0', async () => {
  const acknowledged: number[] = [];
  let next = 0;
  let enough = () => {};
  const busy = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const send = async (): Promise<void> => {
    for (;;) {
      const number = next;
      next += 1;
      try {
        const { status } = await collector.postRows(TABLE, batch(number));
        if (status !== 200) return;
      } catch (error) {
        if (error instanceof TypeError) return; // fetch's word for a connection that is refused or was closed
        throw error;
      }
      acknowledged.push(number);
      if (acknowledged.length > 3 * SENDERS) enough();
    }
  };
  const senders = Array.from({ length: SENDERS }, send);
  await busy;
  expect(await collector.stop('SIGTERM')).toBe(0);
  await Promise.all(senders);
  expect(collector.log).toMatch(
    /"event":"stopping","msg":"stopping \(SIGTERM\): [1-9]\d* requests/,
  );
  expect(collector.log).toContain('"event":"stopped"');

  const stored = await storedIds();
  expect([...stored.values()].filter((count) => count !== 1)).toEqual([]);
  const missing = acknowledged.filter((number) =>
    Array.from({ length: ROWS }, (_, index) => number * ROWS + index).some((id) => !stored.has(id)),
  );
  expect(missing).toEqual([]);
}, 120_000);

test('an upload that is under way at SIGTERM is answered and stored; nobody new is let in', async () => {
  const body = batch(1);
  const upload = await halfSent(body);
  const stopped = collector.stop('SIGTERM');
  await expect.poll(() => collector.log).toContain('"event":"stopping"');
  await expect.poll(reachable, { timeout: 5_000 }).toBe(false);
  const answered = once(upload, 'response') as Promise<[IncomingMessage]>;
  upload.end(body.slice(body.length / 2));
  const [answer] = await answered;
  expect([answer.statusCode, await json(answer)]).toEqual([
    200,
    expect.objectContaining({ stored: ROWS }),
  ]);
  expect(await stopped).toBe(0);
  expect((await storedIds()).size).toBe(ROWS);
}, 60_000);

test('a second signal ends it at once with 130, and says what that costs', async () => {
  expect((await collector.postRows(TABLE, batch(1))).status).toBe(200);
  const upload = await halfSent(batch(2));
  const cut = once(upload, 'error');
  const stopped = collector.stop('SIGTERM');
  await expect.poll(() => collector.log).toContain('"event":"stopping"');
  const started = performance.now();
  expect(await collector.stop('SIGINT')).toBe(130);
  expect(performance.now() - started).toBeLessThan(3_000); // GRACE_MS would be 10,000
  expect(await stopped).toBe(130);
  await cut;
  expect(collector.log).toContain('ended at once by a second SIGINT: 1 requests get no answer');
  expect((await storedIds()).size).toBe(ROWS);
}, 60_000);

/** A request whose first half has been read by the collector. */
async function halfSent(body: string): Promise<ClientRequest> {
  const upload = request(`${collector.url}/v1/tables/${TABLE}/rows`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', 'content-length': Buffer.byteLength(body) },
  });
  upload.write(body.slice(0, body.length / 2));
  await expect
    .poll(async () => (await fetch(`${collector.url}/metrics`)).text())
    .toContain('requests_in_progress 2\n'); // the upload, and this one
  return upload;
}

async function reachable(): Promise<boolean> {
  try {
    await fetch(`${collector.url}/healthz`);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
