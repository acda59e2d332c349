import type { FastifyInstance } from 'fastify';
import { HttpError } from './http-error.ts';

/**
 * Refuses requests that a web page could make a browser send. A page whose name was rebound to 127.0.0.1 sends its own
 * name as Host; a page of another origin sends Origin. Neither is ever a client of ours.
 */
export function refuseBrowsers(server: FastifyInstance): void {
  server.addHook('onRequest', async (request) => {
    if (!isLoopbackHost(request.headers.host))
      throw new HttpError(403, {
        code: 'foreign-host',
        message: 'the Host header must be a loopback address or localhost',
      });
    const { origin } = request.headers;
    if (origin !== undefined && origin !== `http://${request.headers.host}`)
      throw new HttpError(403, {
        code: 'foreign-origin',
        message: 'requests from web pages of another origin are refused',
      });
  });
}

/** `host` with or without a port: localhost, 127.0.0.0/8 or [::1]. */
export function isLoopbackHost(host: string | undefined): boolean {
  return /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i.test(host ?? '');
}
