import { createHash } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { zstdDecompressSync } from 'node:zlib';
import { parseLines } from './run-agent.ts';

export interface ReceivedBatch {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface FakeCollector {
  readonly url: string;
  readonly received: readonly ReceivedBatch[];
  rows(table: string): unknown[];
  close(): Promise<void>;
}

/**
 * A server on loopback that speaks the collector's side of the wire: agent and collector may not import each other, and
 * this one can be told to fail, and to speak TLS. `onBatch` may answer itself; else the batch is acknowledged.
 */
export async function fakeCollector(
  onBatch: (batch: ReceivedBatch, response: ServerResponse) => void = () => {},
  tls?: { readonly cert: string; readonly key: string },
): Promise<FakeCollector> {
  const received: ReceivedBatch[] = [];
  const answer: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = zstdDecompressSync(Buffer.concat(chunks)).toString();
    const batch = { path: request.url ?? '', headers: request.headers, text };
    received.push(batch);
    onBatch(batch, response);
    const digest = createHash('sha256').update(text).digest('hex');
    if (!response.writableEnded) response.end(JSON.stringify({ batch: digest, duplicate: false }));
  };
  const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    rows: (table) =>
      received
        .filter(({ path }) => path === `/v1/tables/${table}/rows`)
        .flatMap(({ text }) => parseLines(text)),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
