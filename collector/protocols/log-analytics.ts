import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import { startErrorReply } from '../http/error-reply.ts';
import { goneSignal } from '../http/gone-signal.ts';
import { HttpError, toHttpError } from '../http/http-error.ts';
import { answers, ColumnAnswer, EXACT, RowsAnswer } from '../openapi/answers.ts';
import { answerQuery, type QueryAnswer } from '../query/answer-query.ts';
import type { ServerOptions } from '../server.ts';
import { parseInterval } from './iso-interval.ts';
import { kustoCell, rowsJson } from './kusto/cell.ts';
import { cappedLimits, isResultTooLarge, MAX_QUERY_BODY } from './limits.ts';

const Body = Type.Object({
  query: Type.String(),
  timespan: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  workspaces: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
});

/** Inner errors are nested, the innermost with our code. */
const Problem = Type.Object({ code: Type.String(), message: Type.String() });

const Table = Type.Object(
  { name: Type.String(), columns: Type.Array(ColumnAnswer), rows: RowsAnswer },
  EXACT,
);

const Answer = Type.Object(
  {
    tables: Type.Array(Table),
    statistics: Type.Optional(Type.Unknown()),
    error: Type.Optional(Problem),
  },
  EXACT,
);

const schema = {
  summary: "Answer a KQL query as Azure Monitor's logs do",
  description:
    'Header `Prefer: wait=SECONDS` sets the time-out, `include-statistics=true` adds statistics.',
  token: 'reader',
  body: Body,
  response: answers(Answer, Type.Object({ error: Problem }, EXACT)),
} as const;

interface LogsRequest {
  readonly query: string;
  readonly timespan?: string | null;
  readonly workspaces?: readonly string[] | null;
}

/**
 * What Azure Monitor's query SDKs speak: `POST /v1/workspaces/:workspace/query`, with a reader's token. Any workspace id is
 * taken: there is one. `timespan` holds beside the query's own conditions. `Prefer: wait=SECONDS` sets the time-out.
 *
 * There is no GET form: a query in an address would stand in the logs of every proxy.
 * Source: Azure Monitor documentation, "Logs query API": request format, response format, Prefer options, timeouts.
 */
export async function logAnalyticsRoutes(
  server: FastifyInstance,
  options: ServerOptions,
): Promise<void> {
  const { doorkeeper, clock } = options;
  server.setErrorHandler((error, _request, reply) => {
    const answer = startErrorReply(error, reply, options);
    if (answer.status === 422) reply.code(400); // the API knows no 422
    return reply.send({ error: errorInfo(answer) });
  });
  server.post<{ Body: LogsRequest }>(
    '/v1/workspaces/:workspace/query',
    {
      schema,
      bodyLimit: MAX_QUERY_BODY,
      onRequest: async (request) => void doorkeeper.admit(request, 'reader'),
    },
    async (request, reply) => {
      const { query, timespan, workspaces } = request.body;
      if (workspaces && workspaces.length > 0)
        throw new HttpError(400, {
          code: 'other-workspaces',
          message: 'there is one workspace here: leave `workspaces` out',
        });
      const now = ticksFromUnixMs(clock());
      const prefer = readPrefer(request.headers.prefer);
      const started = performance.now();
      const finish = (text: string) => reply.type('application/json; charset=utf-8').send(text);
      try {
        const answer = await answerQuery(options, {
          caller: request,
          query,
          now,
          limits: cappedLimits(prefer.milliseconds ? { milliseconds: prefer.milliseconds } : {}),
          signal: goneSignal(reply),
          timeRange: timespan ? parseInterval(timespan, now) : undefined,
        });
        return finish(answerJson(answer, prefer, performance.now() - started));
      } catch (error) {
        const limit = toHttpError(error);
        if (!isResultTooLarge(limit)) throw error;
        return finish(`${JSON.stringify({ tables: [], error: partialError(limit) })}\n`);
      }
    },
  );
}

interface Prefer {
  readonly milliseconds: number | undefined;
  readonly statistics: boolean;
}

/** Preferences that are not known are not followed. Source: RFC 7240 §2. */
function readPrefer(header: string | string[] | undefined): Prefer {
  const preferences = String(header ?? '')
    .split(/[,;]/)
    .map((part) => part.trim().toLowerCase());
  const seconds = preferences.map((part) => /^wait=(\d{1,6})$/.exec(part)?.[1]).find(Boolean);
  return {
    milliseconds: seconds === undefined ? undefined : Math.max(1, Number(seconds)) * 1000,
    statistics: preferences.includes('include-statistics=true'),
  };
}

function answerJson({ result }: QueryAnswer, { statistics }: Prefer, milliseconds: number): string {
  const { columns, rows } = result;
  const types = columns.map(({ type }) => type);
  const query = {
    executionTime: milliseconds / 1000,
    datasetStatistics: [{ tableRowCount: rows.length }],
  };
  const told = statistics ? `,"statistics":${JSON.stringify({ query })}` : '';
  const table = `"name":"PrimaryResult","columns":${JSON.stringify(columns)}`;
  return `{"tables":[{${table},"rows":${rowsJson(rows, types, kustoCell)}}]${told}}\n`;
}

/** Our code, and line and position of a refused query, are in the innermost error. */
function errorInfo({ status, body }: HttpError): object {
  const { code, message, line, column } = body;
  const place = line === undefined ? {} : { line, pos: column };
  if (status !== 400) return { code, message };
  return {
    code: 'BadArgumentError',
    message: 'The request had some invalid properties',
    innererror: { code: 'QueryError', message, innererror: { code, message, ...place } },
  };
}

/** Rows past a limit: the API answers 200 with an error beside the rows; we have none to give that could be taken for all. */
function partialError({ body }: HttpError): object {
  const message = `${body.message} (E_QUERY_RESULT_SET_TOO_LARGE)`;
  return {
    code: 'PartialError',
    message: 'There were some errors when processing your query.',
    details: [{ code: 'EngineError', message }],
    innererror: { code: body.code, message },
  };
}
