import { isIP } from 'node:net';

/** Whether a host name of a URL is this machine, where nobody listens in on a connection. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}
