import type { FastifyReply } from 'fastify';
import type { CollectorLog } from '../log/collector-log.ts';
import type { CollectorMetrics } from '../metrics/collector-metrics.ts';
import { StoreError } from '../store/store-error.ts';
import { HttpError, toHttpError } from './http-error.ts';

/** Who hears of errors; the options of a server are one. */
export interface ErrorListeners {
  readonly log: CollectorLog;
  readonly metrics: CollectorMetrics;
}

/** Seconds, by status. */
const RETRY_AFTER: Readonly<Record<number, number>> = { 429: 60, 503: 1 };

/**
 * Sets the status and the headers of an answer to `error`, the same in every protocol, counts it, and tells the log of what
 * is not the caller's fault. The body is the protocol's own.
 */
export function startErrorReply(
  error: unknown,
  reply: FastifyReply,
  { log, metrics }: ErrorListeners,
): HttpError {
  const answer = toHttpError(error);
  metrics.errorAnswered(answer.status, answer.body.code);
  if (answer.status >= 500) logFailure(log, error, reply.request.id);
  if (answer.status === 401) reply.header('www-authenticate', 'Bearer realm="certsweep"');
  if (answer.status === 413) reply.header('connection', 'close');
  const retryAfter = RETRY_AFTER[answer.status];
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  reply.code(answer.status);
  return answer;
}

/** What a StoreError or HttpError says is enough; of anything else, which nobody expected, the stack is needed. */
function logFailure(log: CollectorLog, error: unknown, request: string): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (error instanceof StoreError || error instanceof HttpError)
    log.warn('failed', error.message, { request });
  else log.error('failed', stack, { request });
}
