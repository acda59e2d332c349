import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { QueryResult } from '../../parsers/kql/plan.ts';
import { parseDatetime, ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import { HttpError } from '../http/http-error.ts';
import { cellJson } from '../query/cell-json.ts';
import type { ServerOptions } from '../server.ts';
import { DEFAULT_QUERY_LIMITS } from '../store/store.ts';

const Body = Type.Object(
  { query: Type.String(), now: Type.Optional(Type.String()) },
  { additionalProperties: false },
);

/** Bytes of the request. The compiler has its own, smaller limit for the query text. */
const BODY_LIMIT = 1024 * 1024;

/**
 * `POST /v1/query` with `{query, now?}`: columns with their KQL types, and rows as arrays. With a reader's token. `now` sets now() of the query.
 * A client that goes away stops its query.
 */
export async function queryRoute(server: FastifyInstance, options: ServerOptions): Promise<void> {
  const { store, compiler, clock, doorkeeper } = options;
  server.post<{ Body: { query: string; now?: string } }>(
    '/v1/query',
    {
      schema: { body: Body },
      bodyLimit: BODY_LIMIT,
      onRequest: async (request) => void doorkeeper.admit(request, 'reader'),
    },
    async (request, reply) => {
      const now = readNow(request.body.now, clock);
      const compiled = await compiler.compile(request.body.query);
      if (compiled.kind === 'refused') {
        const { code, message, line, column } = compiled;
        throw new HttpError(400, { code, message, line, column });
      }
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const limits = DEFAULT_QUERY_LIMITS;
      const result = await store.run(compiled.plan, { now, limits, signal: gone.signal });
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
