import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TOKEN_KINDS } from '../doors/token.ts';
import { TOKEN_STATES, tokenState } from '../doors/token-row.ts';
import { HttpError } from '../http/http-error.ts';
import { answers, EXACT } from '../openapi/answers.ts';
import type { ServerOptions } from '../server.ts';

const Params = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{16}$' }) });

const NullableText = Type.Union([Type.String(), Type.Null()]);
const NullableTime = Type.Union([
  Type.Integer({ description: 'milliseconds since 1970' }),
  Type.Null(),
]);

const Token = Type.Object(
  {
    id: Type.String(),
    kind: Type.Enum(TOKEN_KINDS),
    state: Type.Enum(TOKEN_STATES),
    name: Type.String(),
    deviceId: NullableText,
    enrolledBy: NullableText,
    usesLeft: Type.Union([Type.Integer(), Type.Null()]),
    mayReplace: Type.Boolean(),
    createdTime: Type.Integer({ description: 'milliseconds since 1970' }),
    expiresTime: NullableTime,
    firstUsedTime: NullableTime,
    revokedTime: NullableTime,
    replacedBy: NullableText,
  },
  EXACT,
);

const List = {
  summary: 'List the tokens, without their secrets',
  token: 'operator',
  response: answers(Type.Object({ tokens: Type.Array(Token) }, EXACT)),
} as const;

const Revoke = {
  summary: 'End a token',
  token: 'operator',
  params: Params,
  response: answers(Type.Object({ revoked: Type.String() }, EXACT)),
} as const;

/**
 * What an operator does from afar: `GET /v1/tokens` lists tokens without their secrets, `POST /v1/tokens/:id/revoke` ends
 * one. New ones are made on the host alone, so that a stolen operator's token makes none.
 *
 * Demands the token also where a collector requires none: any local process could otherwise end tokens.
 */
export async function tokenRoutes(server: FastifyInstance, options: ServerOptions): Promise<void> {
  const { doors, doorkeeper, clock } = options;
  server.addHook('onRequest', async (request) => void doorkeeper.demand(request, 'operator'));

  server.get('/v1/tokens', { schema: List }, async (request) => {
    doorkeeper.audit(request, 'listed', 'listed the tokens');
    const now = clock();
    return { tokens: doors.list().map((token) => ({ ...token, state: tokenState(token, now) })) };
  });

  server.post<{ Params: { id: string } }>(
    '/v1/tokens/:id/revoke',
    { schema: Revoke },
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
