import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { CollectorLog } from '../log/collector-log.ts';
import type { CollectorMetrics } from '../metrics/collector-metrics.ts';

/** Milliseconds. An upload or a query takes less, unless the disk or the query is slow; a person should hear of both. */
const SLOW_MS = 5_000;

/** Answers with the request's id, counts each request and logs it: at `debug`, slow ones at `warn`. */
export function watchRequests(
  server: FastifyInstance,
  { log, metrics }: { readonly log: CollectorLog; readonly metrics: CollectorMetrics },
): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    const ended = metrics.requestStarted();
    const started = performance.now();
    const caller = {
      request: request.id,
      address: isIP(request.ip) === 0 ? 'no-address' : request.ip, // now: a closed socket has none
      method: request.is404 ? 'any' : request.method,
      // As it was registered, never the address that was sent: that may hold anything, and a metric needs few values.
      route: request.routeOptions.url ?? 'none',
    };
    // Not `onResponse`: that is never called where the caller went away before the answer.
    reply.raw.once('close', () => {
      ended();
      const { method, route } = caller;
      const milliseconds = Math.round(performance.now() - started);
      const status = reply.raw.writableFinished ? String(reply.raw.statusCode) : 'aborted';
      metrics.requestEnded(method, route, status);
      const line = `${method} ${route} ${status} in ${milliseconds} ms`;
      const fields = { ...caller, status, milliseconds };
      if (milliseconds >= SLOW_MS) log.warn('slow-request', line, fields);
      else log.debug('request', line, fields);
    });
  });
}
