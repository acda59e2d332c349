import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type, { type TSchema } from 'typebox';
import type { QueryResult, ScalarType } from '../../parsers/kql/plan.ts';
import { ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import { startErrorReply } from '../http/error-reply.ts';
import { goneSignal } from '../http/gone-signal.ts';
import { answers, EXACT } from '../openapi/answers.ts';
import { answerQuery } from '../query/answer-query.ts';
import { cellJson } from '../query/cell-json.ts';
import type { ServerOptions } from '../server.ts';
import { DEFAULT_QUERY_LIMITS } from '../store/store.ts';
import { parseInterval } from './iso-interval.ts';
import { DOTNET_TYPES } from './kusto/cell.ts';
import { isResultTooLarge, MAX_QUERY_BODY } from './limits.ts';

const Body = Type.Object({
  Query: Type.String(),
  Timespan: Type.Optional(Type.Union([Type.String(), Type.Null()])),
});

const Results = Type.Array(Type.Record(Type.String(), Type.Unknown()));

const GraphAnswer = Type.Object(
  {
    schema: Type.Array(Type.Object({ name: Type.String(), type: Type.String() }, EXACT)),
    results: Results,
  },
  EXACT,
);

const DefenderAnswer = Type.Object(
  {
    Stats: Type.Object({ ExecutionTime: Type.Number(), dataset_statistics: Type.Unknown() }, EXACT),
    Schema: Type.Array(Type.Object({ Name: Type.String(), Type: Type.String() }, EXACT)),
    Results,
  },
  EXACT,
);

const InnerError = Type.Object(
  { code: Type.String(), date: Type.String(), 'request-id': Type.String() },
  EXACT,
);

const GraphError = Type.Object(
  {
    error: Type.Object({ code: Type.String(), message: Type.String(), innerError: InnerError }),
  },
  EXACT,
);

interface HuntingRequest {
  readonly Query: string;
  readonly Timespan?: string | null;
}

type Shape = (result: QueryResult, milliseconds: number) => string;

/**
 * Advanced hunting as Microsoft Graph takes it (`POST /v1.0/security/runHuntingQuery`) and as Defender's own two addresses do,
 * with a reader's token. `Timespan` holds beside the query's own conditions; without it every row that is kept is looked at,
 * not the last 30 days.
 * Source: Microsoft Graph documentation, "security: runHuntingQuery"; Defender, "Advanced hunting API".
 */
export async function graphRoutes(server: FastifyInstance, options: ServerOptions): Promise<void> {
  const { doorkeeper, clock } = options;
  server.setErrorHandler((error, request, reply) => {
    const answer = startErrorReply(error, reply, options);
    if (answer.status === 422) reply.code(400); // neither knows 422
    const { code, ...body } = answer.body;
    const graphCode = isResultTooLarge(answer) ? 'ResultSizeLimitExceeded' : code;
    const innerError = { code, date: new Date(clock()).toISOString(), 'request-id': request.id };
    return reply.send({ error: { code: graphCode, ...body, innerError } });
  });
  const route = {
    bodyLimit: MAX_QUERY_BODY,
    onRequest: async (request: FastifyRequest) => void doorkeeper.admit(request, 'reader'),
  };
  for (const { address, summary, answer, shape } of ADDRESSES) {
    const response = answers(answer, GraphError);
    const schema = { summary, token: 'reader', body: Body, response } as const;
    server.post<{ Body: HuntingRequest }>(address, { schema, ...route }, async (request, reply) => {
      const { Query: query, Timespan: timespan } = request.body;
      const now = ticksFromUnixMs(clock());
      const started = performance.now();
      const { result } = await answerQuery(options, {
        caller: request,
        query,
        now,
        limits: DEFAULT_QUERY_LIMITS,
        signal: goneSignal(reply),
        timeRange: timespan ? parseInterval(timespan, now) : undefined,
      });
      const text = shape(result, performance.now() - started);
      return reply.type('application/json; charset=utf-8').send(text);
    });
  }
}

const DEFENDER = {
  summary: "Answer a KQL query as Defender's advanced hunting API does",
  answer: DefenderAnswer,
  shape: defenderJson,
};

const ADDRESSES: readonly {
  readonly address: string;
  readonly summary: string;
  readonly answer: TSchema;
  readonly shape: Shape;
}[] = [
  {
    address: '/v1.0/security/runHuntingQuery',
    summary: "Answer a KQL query as Graph's runHuntingQuery does",
    answer: GraphAnswer,
    shape: graphJson,
  },
  { address: '/api/advancedhunting/run', ...DEFENDER },
  { address: '/api/advancedqueries/run', ...DEFENDER },
];

function graphJson({ columns, rows }: QueryResult): string {
  const schema = columns.map(({ name, type }) => ({ name, type: typeName(type) }));
  return `{"schema":${JSON.stringify(schema)},"results":${objectsJson({ columns, rows })}}\n`;
}

function defenderJson({ columns, rows }: QueryResult, milliseconds: number): string {
  const stats = {
    ExecutionTime: milliseconds / 1000,
    dataset_statistics: [{ table_row_count: rows.length }],
  };
  const schema = columns.map(({ name, type }) => ({ Name: name, Type: typeName(type) }));
  const head = `"Stats":${JSON.stringify(stats)},"Schema":${JSON.stringify(schema)}`;
  return `{${head},"Results":${objectsJson({ columns, rows })}}\n`;
}

/** Values of a bool are true and false here, not the 0 and 1 of Kusto's SByte. */
function typeName(type: ScalarType): string {
  return type === 'bool' ? 'Boolean' : DOTNET_TYPES[type];
}

/** Rows as objects, keys in the order of the columns, dynamic values as JSON. */
function objectsJson({ columns, rows }: QueryResult): string {
  const names = columns.map(({ name }) => `${JSON.stringify(name)}:`);
  const objects = rows.map((row) => {
    const cells = columns.map(
      ({ type }, index) => `${names[index]}${cellJson(row[index] ?? null, type)}`,
    );
    return `{${cells.join(',')}}`;
  });
  return `[${objects.join(',\n')}]`;
}
