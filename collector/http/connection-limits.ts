import type { Server } from 'node:net';
import { networkOf } from '../doors/network.ts';

/**
 * How long and how often a connection may be used; constructor options of Node's servers. A request that is slower is
 * answered 408 and its connection closed. Milliseconds and bytes.
 */
export const CONNECTION_LIMITS = {
  /** Of the request line and all headers together; Node's default is 16 KB. */
  maxHeaderSize: 8 * 1024,
  /** From the connection's or the request's begin to its last header. */
  headersTimeout: 15_000,
  /** To the last byte of its body: a sender that trickles must not hold an upload for ever. */
  requestTimeout: 120_000,
  /** How often the two above are looked at. */
  connectionsCheckingInterval: 2_000,
  /** Without a request. Agents wait longer between sweeps, and connect again. */
  keepAliveTimeout: 30_000,
  maxRequestsPerSocket: 10_000,
} as const;

/** Further ones are closed, and their agents come back: the files that the store needs must stay within the process's limit. */
export const MAX_CONNECTIONS = 2_000;
/** Of them, those of one address or IPv6 network, so that one host cannot take all. A site behind one address has short connections. */
export const MAX_CONNECTIONS_OF_ADDRESS = 200;

/** Closes connections past the limits as they come. A reverse proxy, `unlimited`, has all that there are. */
export function limitConnections(server: Server, unlimited: readonly string[]): void {
  server.maxConnections = MAX_CONNECTIONS;
  const counts = new Map<string, number>();
  server.on('connection', (socket) => {
    const address = plainAddress(socket.remoteAddress ?? '');
    if (unlimited.includes(address)) return;
    const network = networkOf(address);
    const count = (counts.get(network) ?? 0) + 1;
    if (count > MAX_CONNECTIONS_OF_ADDRESS) {
      socket.destroy();
      return;
    }
    counts.set(network, count);
    socket.once('close', () => {
      const left = (counts.get(network) ?? 0) - 1;
      if (left > 0) counts.set(network, left);
      else counts.delete(network);
    });
  });
}

/** A server that listens on `::` sees IPv4 callers as `::ffff:192.0.2.1`. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}
