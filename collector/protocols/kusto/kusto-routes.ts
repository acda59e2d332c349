import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ticksFromUnixMs } from '../../../parsers/record/datetime.ts';
import { startErrorReply } from '../../http/error-reply.ts';
import { goneSignal } from '../../http/gone-signal.ts';
import { toHttpError } from '../../http/http-error.ts';
import { answerQuery, type QueryAnswer } from '../../query/answer-query.ts';
import type { ServerOptions } from '../../server.ts';
import { collectorVersion } from '../../version.ts';
import { isResultTooLarge, MAX_QUERY_BODY } from '../limits.ts';
import { V1_ANSWERS, V2_ANSWERS } from './answer-schemas.ts';
import { answerCommand } from './command.ts';
import { oneApiError } from './error.ts';
import { type Exchange, exchangeHeaders, newExchange } from './exchange.ts';
import { KustoBody, type KustoRequest, readProperties } from './request.ts';
import { answerV1, tablesV1 } from './v1.ts';
import { answerV2, limitExceededV2 } from './v2.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * What Kusto's clients speak: `POST /v2/rest/query`, `/v1/rest/query` and `/v1/rest/mgmt`, with a reader's token.
 *
 * `GET /v1/rest/auth/metadata` is left to the 404 of the server: the SDKs take that for a cluster that knows nothing of
 * Microsoft's sign-in and send the token that they were given. Source: azure-kusto-data, cloudSettings.
 */
export async function kustoRoutes(server: FastifyInstance, options: ServerOptions): Promise<void> {
  const { doorkeeper, clock } = options;
  const exchanges = new WeakMap<FastifyRequest, Exchange>();
  const exchangeOf = (request: FastifyRequest): Exchange => {
    const exchange = exchanges.get(request) ?? newExchange(request.headers);
    exchanges.set(request, exchange);
    return exchange;
  };
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(exchangeHeaders(exchangeOf(request)));
    doorkeeper.admit(request, 'reader');
  });
  server.setErrorHandler((error, request, reply) => {
    const answer = startErrorReply(error, reply, options);
    if (answer.status === 422) reply.code(400); // Kusto knows no 422
    return reply.send(oneApiError(answer, exchangeOf(request), new Date(clock())));
  });
  const route = (summary: string, response: typeof V1_ANSWERS | typeof V2_ANSWERS) => ({
    schema: { summary, token: 'reader', body: KustoBody, response } as const,
    bodyLimit: MAX_QUERY_BODY,
  });
  const queryV2 = route('Answer a KQL query as Kusto does, in frames of version 2', V2_ANSWERS);
  const queryV1 = route('Answer a KQL query as Kusto does, in tables of version 1', V1_ANSWERS);
  const command = route("Answer one of Kusto's commands that show the schema", V1_ANSWERS);

  const answer = async (request: FastifyRequest, body: KustoRequest, signal: AbortSignal) => {
    const { now = ticksFromUnixMs(clock()), limits } = readProperties(body);
    return answerQuery(options, { caller: request, query: body.csl, now, limits, signal });
  };

  server.post<{ Body: KustoRequest }>('/v2/rest/query', queryV2, async (request, reply) => {
    const exchange = exchangeOf(request);
    const started = performance.now();
    const finish = (text: string) => reply.type(JSON_TYPE).send(text);
    let answered: QueryAnswer;
    try {
      answered = await answer(request, request.body, goneSignal(reply));
    } catch (error) {
      const limit = toHttpError(error);
      if (!isResultTooLarge(limit)) throw error;
      return finish(limitExceededV2(limit, exchange, new Date(clock())));
    }
    return finish(answerV2(answered, exchange, new Date(clock()), performance.now() - started));
  });

  server.post<{ Body: KustoRequest }>('/v1/rest/query', queryV1, async (request, reply) => {
    const answered = await answer(request, request.body, goneSignal(reply));
    return reply.type(JSON_TYPE).send(answerV1(answered, exchangeOf(request), new Date(clock())));
  });

  server.post<{ Body: KustoRequest }>('/v1/rest/mgmt', command, async (request, reply) => {
    const table = answerCommand(request.body.csl, collectorVersion);
    return reply.type(JSON_TYPE).send(tablesV1([table]));
  });
}
