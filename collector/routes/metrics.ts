import type { FastifyInstance } from 'fastify';
import type { ServerOptions } from '../server.ts';

/** Source: Prometheus documentation, "Text-based format", basic info. */
const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';

/** `GET /metrics` for Prometheus. Needs a reader's token wherever tokens are required. */
export async function metricsRoute(server: FastifyInstance, options: ServerOptions): Promise<void> {
  const { doorkeeper, metrics } = options;
  server.get(
    '/metrics',
    { onRequest: async (request) => void doorkeeper.admit(request, 'reader') },
    async (_request, reply) => reply.type(TEXT_FORMAT).send(metrics.text()),
  );
}
