import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { zstdDecompressSync } from 'node:zlib';
import type { Collector } from './processes.ts';
import type { Random } from './random.ts';

/** The places at which the wire can be told to strike: a kill there meets the moments that matter. */
export const moments = ['before the collector', 'after the collector', 'after the answer'] as const;
export type Moment = (typeof moments)[number];

/**
 * What stands between agent and collector: keeps one address while the collector comes and goes, hears which rows were
 * acknowledged, and loses requests and answers as networks do.
 */
export class Wire {
  /** Table and line of every row of which the collector said that it has it. */
  readonly acknowledged = new Set<string>();
  readonly counts = {
    requests: 0,
    stored: 0,
    lostRequests: 0,
    lostAnswers: 0,
    busy: 0,
    tooLarge: 0,
  };
  /** Batches of more rows are refused with 413. */
  mostRows = Number.POSITIVE_INFINITY;
  /** Whether anything goes wrong. */
  hasFaults = true;
  onMoment: (moment: Moment) => void = () => {};
  readonly #collector: Collector;
  readonly #random: Random;
  readonly #server: Server;

  constructor(collector: Collector, random: Random) {
    this.#collector = collector;
    this.#random = random;
    this.#server = createServer((request, response) => {
      this.#pass(request, response).catch(() => response.destroy()); // one of the two was killed meanwhile
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    const body = Buffer.concat(chunks);
    this.counts.requests += 1;
    const lines = zstdDecompressSync(body).toString().trimEnd().split('\n');
    this.onMoment('before the collector');
    if (this.#happens(5, 'lostRequests')) return void response.destroy();
    if (this.#happens(5, 'busy')) return void response.writeHead(503).end();
    if (lines.length > this.mostRows) {
      this.counts.tooLarge += 1;
      return void response.writeHead(413).end();
    }
    const target = this.#collector.url;
    if (target === undefined) return void response.writeHead(502).end();
    const answer = await fetch(target + request.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-ndjson',
        'content-encoding': 'zstd',
        'certsweep-batch': String(request.headers['certsweep-batch']),
      },
      body,
    });
    const text = await answer.text();
    if (answer.status === 200) {
      this.counts.stored += 1;
      const table = request.url?.split('/')[3];
      for (const line of lines) this.acknowledged.add(`${table} ${line}`);
    }
    this.onMoment('after the collector');
    if (this.#happens(5, 'lostAnswers')) return void response.destroy();
    response.writeHead(answer.status).end(text, () => this.onMoment('after the answer'));
  }

  #happens(percent: number, count: 'lostRequests' | 'lostAnswers' | 'busy'): boolean {
    if (!this.hasFaults || !this.#random.percent(percent)) return false;
    this.counts[count] += 1;
    return true;
  }
}
