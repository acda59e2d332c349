import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Plain enough to stand in a log and a header as it is. */
const PLAIN = /^[A-Za-z0-9._-]{1,64}$/;

/** The id by which the log names a request: the sender's `x-request-id` where that is plain, else a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const sent = headers['x-request-id'];
  return typeof sent === 'string' && PLAIN.test(sent) ? sent : randomUUID();
}
