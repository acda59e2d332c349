import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Notice } from '../../../collector/notify/notice.ts';

/** A webhook's receiver in this process. It answers `status`; 0 is no answer at all. */
export class Receiver {
  status = 200;
  /** What was accepted, in order of arrival, doubles included. */
  readonly taken: Notice[] = [];
  /** Notices of requests that were not accepted. */
  readonly refused: Notice[] = [];
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  static async start(): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new Receiver(server);
    server.on('request', async (request, response) => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk;
      const { notices } = JSON.parse(body) as { notices: Notice[] };
      (receiver.status === 200 ? receiver.taken : receiver.refused).push(...notices);
      if (receiver.status !== 0) response.writeHead(receiver.status).end();
    });
    return receiver;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
