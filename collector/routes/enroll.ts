import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { HttpError } from '../http/http-error.ts';
import { answers, EXACT } from '../openapi/answers.ts';
import type { ServerOptions } from '../server.ts';

const Body = Type.Object(
  {
    deviceId: Type.String({ pattern: '^[0-9a-f]{40}$' }),
    deviceName: Type.Optional(Type.String({ maxLength: 255 })),
  },
  { additionalProperties: false },
);

const schema = {
  summary: "Fetch a device's token for an enrolment key; it is shown once",
  token: 'key',
  body: Body,
  response: answers(Type.Object({ token: Type.String() }, EXACT)),
} as const;

const BODY_LIMIT = 4 * 1024;

/** `POST /v1/enroll` with an enrolment key and `{deviceId, deviceName?}`: the device's token, which is shown once. */
export async function enrollRoute(server: FastifyInstance, options: ServerOptions): Promise<void> {
  const { doors, doorkeeper } = options;
  server.post<{ Body: { deviceId: string; deviceName?: string } }>(
    '/v1/enroll',
    {
      schema,
      bodyLimit: BODY_LIMIT,
      onRequest: async (request) => void doorkeeper.demand(request, 'key'),
    },
    async (request, reply) => {
      const { deviceId, deviceName = '' } = request.body;
      const key = doorkeeper.check(request, 'key'); // again: it may have been revoked while the body came
      const result = doors.enrol(key, deviceId, deviceName);
      switch (result.kind) {
        case 'used-up':
          throw doorkeeper.refuse(
            request,
            'the enrolment key is used up: ask for a new one, made with certsweep-collector enroll --key',
          );
        case 'known-device':
          doorkeeper.audit(
            request,
            'refused',
            `refused to enrol ${deviceId} again with key ${key.id}`,
          );
          throw new HttpError(409, { code: 'known-device', message: KNOWN_DEVICE });
        case 'enrolled':
          doorkeeper.audit(
            request,
            'enrolled',
            `enrolled ${deviceId} (${deviceName}) with key ${key.id}`,
          );
          reply.header('cache-control', 'no-store');
          return { token: result.token };
      }
    },
  );
}

const KNOWN_DEVICE =
  'this device is enrolled already, or was: where that is right, use its token, or a key made with ' +
  'certsweep-collector enroll --key --replace';
