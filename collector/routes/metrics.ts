import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { ErrorAnswer } from '../openapi/answers.ts';
import type { ServerOptions } from '../server.ts';

/** Source: Prometheus documentation, "Text-based format", basic info. */
const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';

const schema = {
  summary: 'What the collector counts of itself, in the text format of Prometheus',
  token: 'reader',
  response: { 200: { content: { 'text/plain': { schema: Type.String() } } }, default: ErrorAnswer },
} as const;

/** `GET /metrics` for Prometheus. Needs a reader's token wherever tokens are required. */
export async function metricsRoute(server: FastifyInstance, options: ServerOptions): Promise<void> {
  const { doorkeeper, metrics } = options;
  server.get(
    '/metrics',
    { schema, onRequest: async (request) => void doorkeeper.admit(request, 'reader') },
    async (_request, reply) => reply.type(TEXT_FORMAT).send(await metrics.text()),
  );
}
