import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { answers, EXACT } from '../openapi/answers.ts';
import type { ServerOptions } from '../server.ts';

const Alive = {
  summary: 'Whether the process lives; after 503 it should be started again',
  response: {
    ...answers(Type.Object({ status: Type.Literal('ok') }, EXACT)),
    503: Type.Object({ status: Type.Literal('failed'), reason: Type.String() }, EXACT),
  },
};

const Reason = Type.Object({ code: Type.String(), message: Type.String() }, EXACT);

const Ready = {
  summary: 'Whether it should be given work; 503 has every reason why not',
  response: {
    ...answers(Type.Object({ status: Type.Literal('ready') }, EXACT)),
    503: Type.Object({ status: Type.Literal('not-ready'), reasons: Type.Array(Reason) }, EXACT),
  },
};

/**
 * `GET /healthz`: whether the process lives; 503 says that it should be started again. `GET /readyz`: whether it should be
 * given work; 503 lists every reason why not. Both without a token: they say nothing of devices or records.
 */
export async function healthRoute(server: FastifyInstance, options: ServerOptions): Promise<void> {
  const { readiness } = options;
  server.get('/healthz', { schema: Alive }, async (_request, reply) => {
    const error = readiness.dead();
    if (!error) return { status: 'ok' };
    return reply.code(503).send({ status: 'failed', reason: error.message });
  });
  server.get('/readyz', { schema: Ready }, async (_request, reply) => {
    const problems = readiness.problems();
    if (problems.length === 0) return { status: 'ready' };
    return reply.code(503).send({ status: 'not-ready', reasons: problems });
  });
}
