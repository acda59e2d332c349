import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { tokenState } from '../doors/token-row.ts';
import { HttpError } from '../http/http-error.ts';
import type { ServerOptions } from '../server.ts';

const Params = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{16}$' }) });

/**
 * What an operator does from afar: `GET /v1/tokens` lists tokens without their secrets, `POST /v1/tokens/:id/revoke` ends
 * one. New ones are made on the host alone, so that a stolen operator's token makes none.
 *
 * Demands the token also where a collector requires none: any local process could otherwise end tokens.
 */
export async function tokenRoutes(server: FastifyInstance, options: ServerOptions): Promise<void> {
  const { doors, doorkeeper, clock } = options;
  server.addHook('onRequest', async (request) => void doorkeeper.demand(request, 'operator'));

  server.get('/v1/tokens', async (request) => {
    doorkeeper.audit(request, 'listed', 'listed the tokens');
    const now = clock();
    return { tokens: doors.list().map((token) => ({ ...token, state: tokenState(token, now) })) };
  });

  server.post<{ Params: { id: string } }>(
    '/v1/tokens/:id/revoke',
    {
      schema: { params: Params },
    },
    async (request) => {
      const { id } = request.params;
      if (!doors.revoke(id))
        throw new HttpError(404, {
          code: 'unknown-token',
          message: `there is no token with id ${id}: GET /v1/tokens lists them`,
        });
      doorkeeper.audit(request, 'revoked', `revoked token ${id}`);
      return { revoked: id };
    },
  );
}
