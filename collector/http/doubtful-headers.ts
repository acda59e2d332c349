import type { FastifyInstance } from 'fastify';
import { HttpError } from './http-error.ts';

/** Agents and SDKs send about twenty, proxies add some. Node keeps 2,000 and drops those after them without a word. */
export const MAX_HEADERS = 100;

/**
 * Headers that decide who asks, of whom, and how the body is read. Node takes the first of two and forgets the other; a proxy
 * in front may have judged by the second. What decides where a body ends (Content-Length, Transfer-Encoding) Node's
 * parser refuses itself.
 */
const ONCE = ['host', 'authorization', 'content-type', 'content-encoding', 'certsweep-batch'];

/** Refuses requests that two programs could read differently. */
export function refuseDoubtfulHeaders(server: FastifyInstance): void {
  server.addHook('onRequest', async ({ raw: { rawHeaders } }) => {
    if (rawHeaders.length / 2 > MAX_HEADERS)
      throw new HttpError(431, {
        code: 'too-many-headers',
        message: `a request has at most ${MAX_HEADERS} headers`,
      });
    const seen = new Set<string>();
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = (rawHeaders[index] ?? '').toLowerCase();
      if (ONCE.includes(name) && seen.has(name))
        throw new HttpError(400, {
          code: 'repeated-header',
          message: `the request has more than one ${name} header`,
        });
      seen.add(name);
    }
  });
}
