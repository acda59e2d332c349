import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { QueryResult } from '../../parsers/kql/plan.ts';
import { parseDatetime, ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import { goneSignal } from '../http/gone-signal.ts';
import { HttpError } from '../http/http-error.ts';
import { answers, ColumnAnswer, EXACT, RowsAnswer } from '../openapi/answers.ts';
import { MAX_QUERY_BODY } from '../protocols/limits.ts';
import { answerQuery } from '../query/answer-query.ts';
import { cellJson } from '../query/cell-json.ts';
import type { ServerOptions } from '../server.ts';
import { DEFAULT_QUERY_LIMITS } from '../store/store.ts';

const Body = Type.Object(
  { query: Type.String(), now: Type.Optional(Type.String()) },
  { additionalProperties: false },
);

const Answer = Type.Object({ columns: Type.Array(ColumnAnswer), rows: RowsAnswer }, EXACT);

const schema = {
  summary: 'Answer a KQL query; `now` sets now() of it',
  token: 'reader',
  body: Body,
  response: answers(Answer),
} as const;

/**
 * `POST /v1/query` with `{query, now?}`: columns with their KQL types, and rows as arrays. With a reader's token. `now` sets now() of the query.
 * A client that goes away stops its query.
 */
export async function queryRoute(server: FastifyInstance, options: ServerOptions): Promise<void> {
  const { clock, doorkeeper } = options;
  server.post<{ Body: { query: string; now?: string } }>(
    '/v1/query',
    {
      schema,
      bodyLimit: MAX_QUERY_BODY,
      onRequest: async (request) => void doorkeeper.admit(request, 'reader'),
    },
    async (request, reply) => {
      const { result } = await answerQuery(options, {
        caller: request,
        query: request.body.query,
        now: readNow(request.body.now, clock),
        limits: DEFAULT_QUERY_LIMITS,
        signal: goneSignal(reply),
      });
      return reply.type('application/json; charset=utf-8').send(resultJson(result));
    },
  );
}

function readNow(text: string | undefined, clock: () => number): bigint {
  if (text === undefined) return ticksFromUnixMs(clock());
  const now = parseDatetime(text);
  if (now !== undefined) return now;
  throw new HttpError(400, { code: 'bad-now', message: '`now` must be an ISO 8601 date and time' });
}

function resultJson({ columns, rows }: QueryResult): string {
  const types = columns.map(({ type }) => type);
  const lines = rows.map(
    (row) => `[${types.map((type, index) => cellJson(row[index] ?? null, type)).join(',')}]`,
  );
  return `{"columns":${JSON.stringify(columns)},"rows":[${lines.join(',\n')}]}\n`;
}
