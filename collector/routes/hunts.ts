import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { HttpError } from '../http/http-error.ts';
import { answers, EXACT } from '../openapi/answers.ts';
import { FINDING_STATES, type FindingState } from '../schedule/finding-list.ts';
import type { Hunts } from '../schedule/hunts.ts';
import { statusJson } from '../schedule/status-json.ts';
import type { ServerOptions } from '../server.ts';

/** Findings of one answer, unless fewer are asked for. */
const MOST_FINDINGS = 10_000;
const DEFAULT_FINDINGS = 1_000;

const Text = Type.String();
const Count = Type.Integer({ minimum: 0 });
const Time = Type.String({ format: 'date-time' });
const NullableTime = Type.Union([Time, Type.Null()]);
const NullableText = Type.Union([Text, Type.Null()]);

const Run = Type.Object(
  {
    ...{ why: Text, started: Time, ended: Time, rules: Count, failed: Count },
    ...{ found: Count, fresh: Count, notices: Count, unkept: Count },
  },
  EXACT,
);

const Status = Type.Object(
  {
    everySeconds: Count,
    running: Type.Boolean(),
    nextRun: Time,
    lastRun: Type.Union([Run, Type.Null()]),
    rules: Type.Array(
      Type.Object({ id: Text, name: Text, lookedUntil: Time, error: NullableText }, EXACT),
    ),
    findings: Type.Array(
      Type.Object({ state: Type.Enum(FINDING_STATES), grade: Text, count: Count }, EXACT),
    ),
    noticesOwed: Count,
    channels: Type.Array(
      Type.Object(
        {
          ...{ name: Text, kind: Text, waiting: Count, refused: Count, dropped: Count },
          ...{ oldestWaiting: NullableTime, failures: Count, nextAttempt: NullableTime },
          ...{ problem: NullableText, lastDelivery: NullableTime },
        },
        EXACT,
      ),
    ),
  },
  EXACT,
);

const Finding = Type.Object(
  {
    ...{ key: Text, state: Type.Enum(FINDING_STATES), grade: Text, rule: Text, ruleName: Text },
    ...{ tool: Text, deviceId: Text, deviceName: Text, path: Text, sha1: Text, sha256: Text },
    ...{ signer: Text, firstSeen: Time, lastSeen: Time, lastReceived: Time },
    ...{ approvalId: NullableText, reason: Text, refusals: Type.Array(Text), found: Time },
    ...{ firstNotified: NullableTime, lastNotified: NullableTime, notices: Count },
  },
  EXACT,
);

const Query = Type.Object(
  {
    state: Type.Optional(Type.Enum(FINDING_STATES)),
    rule: Type.Optional(Type.String({ maxLength: 200, description: 'id of a rule' })),
    device: Type.Optional(Type.String({ pattern: '^[0-9a-f]{40}$', description: 'DeviceId' })),
    limit: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,4}$' })),
    after: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
  },
  { additionalProperties: false },
);

interface FindingQuery {
  readonly state?: FindingState;
  readonly rule?: string;
  readonly device?: string;
  readonly limit?: string;
  readonly after?: string;
}

const ListHunts = {
  summary: 'The scheduled hunts: last and next run, findings by state, channels',
  token: 'reader',
  response: answers(Status),
} as const;

const ListFindings = {
  summary: 'Findings of the scheduled hunts, by state, rule or device',
  description: '`next` is the `after` of the next page, null on the last.',
  token: 'reader',
  querystring: Query,
  response: answers(Type.Object({ findings: Type.Array(Finding), next: NullableText }, EXACT)),
} as const;

const RunHunts = {
  summary: 'Run the scheduled hunts now',
  description: '`started` is false where a run is in progress already.',
  token: 'operator',
  response: answers(Type.Object({ started: Type.Boolean() }, EXACT)),
} as const;

/** `GET /v1/hunts`, `GET /v1/findings?state=unapproved`, `POST /v1/hunts/run`. 409 where `serve` runs no hunts. */
export async function scheduledHuntRoutes(
  server: FastifyInstance,
  options: ServerOptions,
): Promise<void> {
  const { doorkeeper } = options;
  const hunts = (): Hunts => {
    if (options.hunts) return options.hunts;
    throw new HttpError(409, {
      code: 'no-hunts',
      message: 'this collector runs no hunts: start serve with --hunt-every 15m',
    });
  };

  server.get(
    '/v1/hunts',
    { schema: ListHunts, onRequest: async (request) => void doorkeeper.admit(request, 'reader') },
    async () => statusJson(hunts().status()),
  );

  server.get<{ Querystring: FindingQuery }>(
    '/v1/findings',
    {
      schema: ListFindings,
      onRequest: async (request) => void doorkeeper.admit(request, 'reader'),
    },
    async (request) => {
      const { state, rule, device, limit, after } = request.query;
      const most = Math.min(Number(limit ?? DEFAULT_FINDINGS), MOST_FINDINGS);
      const findings = hunts().list({ state, rule, deviceId: device, after, limit: most });
      doorkeeper.audit(request, 'read', `read ${findings.length} findings`);
      return { findings, next: findings.length < most ? null : (findings.at(-1)?.key ?? null) };
    },
  );

  server.post(
    '/v1/hunts/run',
    {
      schema: RunHunts,
      onRequest: async (request) => void doorkeeper.demand(request, 'operator'),
    },
    async (request) => {
      const started = hunts().runNow('an operator');
      doorkeeper.audit(request, 'hunted', 'asked for a run of the hunts');
      return { started };
    },
  );
}
