import type { FastifyReply } from 'fastify';

/** Aborts when the client has gone away, or when it has its answer: work for it can stop then. */
export function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
