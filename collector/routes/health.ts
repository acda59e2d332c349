import type { FastifyInstance } from 'fastify';
import type { ServerOptions } from '../server.ts';

/**
 * `GET /healthz`: whether the process lives; 503 says that it should be started again. `GET /readyz`: whether it should be
 * given work; 503 lists every reason why not. Both without a token: they say nothing of devices or records.
 */
export async function healthRoute(server: FastifyInstance, options: ServerOptions): Promise<void> {
  const { readiness } = options;
  server.get('/healthz', async (_request, reply) => {
    const error = readiness.dead();
    if (!error) return { status: 'ok' };
    return reply.code(503).send({ status: 'failed', reason: error.message });
  });
  server.get('/readyz', async (_request, reply) => {
    const problems = readiness.problems();
    if (problems.length === 0) return { status: 'ready' };
    return reply.code(503).send({ status: 'not-ready', reasons: problems });
  });
}
