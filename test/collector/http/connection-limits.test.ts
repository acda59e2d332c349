import { EventEmitter } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import {
  limitConnections,
  MAX_CONNECTIONS_OF_ADDRESS,
} from '../../../collector/http/connection-limits.ts';

/** A connection as far as its limits look at it; many hosts cannot be had here. */
class Connection extends EventEmitter {
  readonly remoteAddress: string;
  destroyed = false;

  constructor(remoteAddress: string) {
    super();
    this.remoteAddress = remoteAddress;
  }

  destroy(): void {
    this.destroyed = true;
  }
}

test.each([
  { name: 'one address', address: () => '192.0.2.1', other: '192.0.2.2' },
  {
    name: 'one address as a server on :: sees it',
    address: () => '::ffff:192.0.2.1',
    other: '::ffff:192.0.2.2',
  },
  {
    name: 'the addresses of one IPv6 network',
    address: (at: number) => `2001:db8:1:2::${at.toString(16)}`,
    other: '2001:db8:1:3::1',
  },
])('$name has its share of connections, and no more', ({ address, other }) => {
  const server = createServer();
  limitConnections(server, []);
  const connect = (from: string) => {
    const connection = new Connection(from);
    server.emit('connection', connection as unknown as Socket);
    return connection;
  };
  const kept = Array.from({ length: MAX_CONNECTIONS_OF_ADDRESS }, (_, at) => connect(address(at)));
  expect(kept.filter(({ destroyed }) => destroyed)).toEqual([]);
  expect(connect(address(MAX_CONNECTIONS_OF_ADDRESS)).destroyed).toBe(true);
  expect(connect(other).destroyed).toBe(false);
  kept[0]?.emit('close');
  expect(connect(address(0)).destroyed).toBe(false);
});
