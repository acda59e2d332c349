import type { FastifyInstance } from 'fastify';
import Type, { type TSchema } from 'typebox';
import type { ScalarType } from '../../parsers/kql/plan.ts';
import { ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import { countStates } from '../devices/fleet-words.ts';
import { FLEET_LIMITS, readFleet } from '../devices/read-fleet.ts';
import { SILENT_AFTER_DAYS } from '../health/silence.ts';
import { goneSignal } from '../http/gone-signal.ts';
import { answers, EXACT } from '../openapi/answers.ts';
import { deviceRows } from '../print/device-rows.ts';
import { toJson } from '../print/json.ts';
import type { ServerOptions } from '../server.ts';

/** Devices of one answer, unless fewer are asked for. */
const MOST_DEVICES = 10_000;
const DEFAULT_DEVICES = 1_000;
const DAY_TICKS = 24n * 3600n * 10_000_000n;

/** Text, because the query of an address is text and nothing is coerced. */
const Query = Type.Object(
  {
    silentDays: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,3}$' })),
    limit: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,4}$' })),
    after: Type.Optional(Type.String({ maxLength: 1_000 })),
  },
  { additionalProperties: false },
);

const JSON_TYPES: Partial<Readonly<Record<ScalarType, TSchema>>> = {
  string: Type.String(),
  bool: Type.Boolean(),
  datetime: Type.String({ format: 'date-time' }),
  long: Type.Integer(),
  dynamic: Type.Array(Type.Unknown()),
};

/** A member a column; what is not known is null. */
const Device = Type.Object(
  Object.fromEntries(
    deviceRows([]).columns.map(({ name, type }) => [
      name,
      Type.Union([JSON_TYPES[type] ?? Type.Unknown(), Type.Null()]),
    ]),
  ),
  EXACT,
);

const Answer = Type.Object(
  {
    total: Type.Integer({ description: 'devices of the fleet' }),
    counts: Type.Record(Type.String(), Type.Integer(), { description: 'devices in each state' }),
    next: Type.Union([Type.String(), Type.Null()], { description: '`after` of the next page' }),
    devices: Type.Array(Device),
  },
  EXACT,
);

const schema = {
  summary: 'List devices: last sweep, silence, clock, what is stale, evidence of cloned ids',
  token: 'reader',
  querystring: Query,
  response: answers(Answer),
} as const;

/**
 * `GET /v1/devices?silentDays=2&limit=1000&after=DEVICEID`: devices by DeviceId, each with its last sweep, what is stale and
 * what speaks for a clone; `counts` are of the whole fleet. `next` is the `after` of the next page, null on the last.
 */
export async function devicesRoute(server: FastifyInstance, options: ServerOptions): Promise<void> {
  const { store, doors, doorkeeper, clock } = options;
  server.get<{ Querystring: { silentDays?: string; limit?: string; after?: string } }>(
    '/v1/devices',
    {
      schema,
      onRequest: async (request) => void doorkeeper.admit(request, 'reader'),
    },
    async (request, reply) => {
      const { silentDays = SILENT_AFTER_DAYS, limit, after } = request.query;
      const now = ticksFromUnixMs(clock());
      const fleet = await readFleet(
        { store, run: { now, limits: FLEET_LIMITS, signal: goneSignal(reply) } },
        { silentAfter: BigInt(silentDays) * DAY_TICKS, tokens: doors.list() },
      );
      const rest = after === undefined ? fleet : fleet.filter(({ id }) => id > after);
      const page = rest.slice(0, Math.min(Number(limit ?? DEFAULT_DEVICES), MOST_DEVICES));
      const next = page.length < rest.length ? (page.at(-1)?.id ?? null) : null;
      const head = JSON.stringify({ total: fleet.length, counts: countStates(fleet), next });
      doorkeeper.audit(request, 'read', `read the state of ${page.length} devices`);
      reply.type('application/json; charset=utf-8');
      return `${head.slice(0, -1)},"devices":${toJson(deviceRows(page)).trimEnd()}}\n`;
    },
  );
}
