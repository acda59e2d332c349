import type { FastifyInstance } from 'fastify';
import { HttpError } from './http-error.ts';

/**
 * Refuses requests that a web page could make a browser send. A page whose name was rebound to our address sends its own
 * name as Host; a page of another origin sends Origin. Neither is ever a client of ours. `isNameOfOurs` says which names
 * other than loopback ones are ours.
 */
export function refuseBrowsers(
  server: FastifyInstance,
  scheme: 'http' | 'https',
  isNameOfOurs: (host: string) => boolean,
): void {
  server.addHook('onRequest', async (request) => {
    const { host = '', origin } = request.headers;
    if (!isLoopbackHost(host) && !isNameOfOurs(host))
      throw new HttpError(403, {
        code: 'foreign-host',
        message:
          scheme === 'http'
            ? 'the Host header must be a loopback address or localhost'
            : 'the Host header must be a name or an address of the certificate',
      });
    if (origin !== undefined && origin !== `${scheme}://${host}`)
      throw new HttpError(403, {
        code: 'foreign-origin',
        message: 'requests from web pages of another origin are refused',
      });
  });
}

/** `host` with or without a port: localhost, 127.0.0.0/8 or [::1]. */
function isLoopbackHost(host: string): boolean {
  return /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i.test(host);
}
