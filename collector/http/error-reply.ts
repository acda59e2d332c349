import type { FastifyReply } from 'fastify';
import { type HttpError, toHttpError } from './http-error.ts';

/** Seconds, by status. */
const RETRY_AFTER: Readonly<Record<number, number>> = { 429: 60, 503: 1 };

/**
 * Sets the status and the headers of an answer to `error`, the same in every protocol, and tells the log what nobody
 * expected. The body is the protocol's own.
 */
export function startErrorReply(
  error: unknown,
  reply: FastifyReply,
  logError: (error: unknown) => void,
): HttpError {
  const answer = toHttpError(error);
  if (answer.status >= 500) logError(error);
  if (answer.status === 401) reply.header('www-authenticate', 'Bearer realm="certsweep"');
  if (answer.status === 413) reply.header('connection', 'close');
  const retryAfter = RETRY_AFTER[answer.status];
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  reply.code(answer.status);
  return answer;
}
