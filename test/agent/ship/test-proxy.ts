import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

export interface TestProxy {
  /** With the user and password that it wants. */
  readonly url: string;
  /** HOST:PORT of every CONNECT, and what came as Proxy-Authorization. */
  readonly asked: readonly {
    readonly target: string;
    readonly authorization: string | undefined;
  }[];
  close(): Promise<void>;
}

/** A CONNECT proxy that leads every name to `port` on this machine, or answers all with `status`. */
export async function testProxy(port: number, status = 200): Promise<TestProxy> {
  const asked: { target: string; authorization: string | undefined }[] = [];
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request, client) => {
    asked.push({
      target: request.url ?? '',
      authorization: request.headers['proxy-authorization'],
    });
    client.on('error', () => {});
    if (status !== 200) return void client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const inner = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connected\r\n\r\n');
      inner.pipe(client).pipe(inner);
    });
    inner.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://user:secret@127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => server.close(() => resolve()) && server.closeAllConnections()),
  };
}
