import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { parseDatetime, ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import type { Caller, Doorkeeper } from '../doors/doorkeeper.ts';
import type { TokenRow } from '../doors/token-row.ts';
import { HttpError } from '../http/http-error.ts';
import { bodyEncoding, readBody } from '../http/read-body.ts';
import { UploadSlots } from '../http/upload-slots.ts';
import { BatchError } from '../ingest/batch-error.ts';
import type { SentBatch, TakenBatch } from '../ingest/sent-batch.ts';
import { answers, EXACT } from '../openapi/answers.ts';
import type { ServerOptions } from '../server.ts';
import { INGEST_TABLES, type IngestTable } from '../store/store.ts';

/** A browser sends this type across origins only after a preflight, which nobody answers. */
const NDJSON = 'application/x-ndjson';

const Params = Type.Object({ table: Type.String() });

const Answer = Type.Object(
  {
    batch: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the body' }),
    table: Type.String(),
    rows: Type.Integer({ minimum: 0 }),
    stored: Type.Integer({ minimum: 0, description: 'rows that were not known yet' }),
    duplicate: Type.Boolean({ description: 'this body was stored before' }),
  },
  EXACT,
);

const schema = {
  summary: 'Store a batch of rows; 200 says that they are on disk',
  description:
    `The tables are ${INGEST_TABLES.join(' and ')}. Headers, all optional: content-encoding (zstd or gzip), certsweep-batch ` +
    "(SHA-256 of the uncompressed body, which is then checked), certsweep-clock (the sender's clock, ISO 8601).",
  token: 'device',
  params: Params,
  sent: { mediaType: NDJSON, description: 'JSON objects, one a line: the columns of the table' },
  response: answers(Answer),
} as const;

/**
 * `POST /v1/tables/:table/rows`: a batch of NDJSON rows. The answer 200 means that they are on disk; the same body again
 * changes nothing and is answered with `duplicate: true`. A device's token takes rows of that device only.
 */
export async function rowsRoute(server: FastifyInstance, options: ServerOptions): Promise<void> {
  const { clock, limits, doorkeeper, metrics } = options;
  const slots = new UploadSlots(limits.uploads, limits.uploadsOfDevice);
  server.removeAllContentTypeParsers(); // JSON and plain text would come as parsed values, not as a stream
  server.addContentTypeParser(NDJSON, (_request, payload, done) => done(null, payload));

  server.post<{ Params: { table: string }; Body: AsyncIterable<Uint8Array> | undefined }>(
    '/v1/tables/:table/rows',
    { schema },
    async (request) => {
      const token = doorkeeper.admit(request, 'device'); // before anything of the body is read
      const table = ingestTable(request.params.table);
      if (!request.body) throw new BatchError('empty-body', 'the request has no body');
      const started = performance.now();
      const free = slots.take(token?.id);
      try {
        const encoding = bodyEncoding(request.headers['content-encoding']);
        const body = await readBody(request.body, limits.sent);
        const taken = await take(options, {
          ...{ table, body, encoding, limits },
          batchHeader: request.headers['certsweep-batch'],
          deviceId: token?.deviceId,
          receivedAt: ticksFromUnixMs(clock()),
          sentAt: sentAt(request.headers['certsweep-clock'], options),
        });
        if (taken.kind === 'refused')
          throw new BatchError(taken.code, taken.message, taken.problems);
        if (taken.kind === 'foreign') throw wrongDevice(taken.row, token, request, doorkeeper);
        const { batch, result } = taken;
        metrics.batchStored(table, result, (performance.now() - started) / 1000);
        return { batch, table, ...result };
      } finally {
        free();
      }
    },
  );
}

/** The agent's clock. A wrong header must not cost rows: it counts as not told, and is counted. */
function sentAt(
  header: string | string[] | undefined,
  { metrics }: ServerOptions,
): bigint | undefined {
  if (header === undefined) return undefined;
  const ticks = typeof header === 'string' ? parseDatetime(header) : undefined;
  if (ticks === undefined) metrics.unreadableClock();
  return ticks;
}

async function take({ intake, readiness }: ServerOptions, sent: SentBatch): Promise<TakenBatch> {
  try {
    const taken = await intake.take(sent);
    if (taken.kind === 'stored') readiness.wrote(undefined);
    return taken;
  } catch (error) {
    readiness.wrote(error);
    throw error;
  }
}

function ingestTable(name: string): IngestTable {
  const table = INGEST_TABLES.find((known) => known === name);
  if (table) return table;
  const message = `rows can be sent to ${INGEST_TABLES.join(' and ')}, not to that table`;
  throw new HttpError(404, { code: 'unknown-table', message });
}

/** A device speaks for itself alone: a stolen token must not write the history of another. Tells the audit log. */
function wrongDevice(
  row: number,
  token: TokenRow | undefined,
  caller: Caller,
  doorkeeper: Doorkeeper,
): HttpError {
  const message = `row ${row} has another DeviceId than the token, which is of ${token?.deviceId}; nothing was stored`;
  doorkeeper.audit(
    caller,
    'refused',
    `refused rows of another device with token ${token?.id}: ${message}`,
  );
  return new HttpError(403, { code: 'wrong-device', message });
}
