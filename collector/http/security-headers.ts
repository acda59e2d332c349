import type { FastifyInstance } from 'fastify';

/** Nothing of ours is a page: a browser that is led here must neither show, guess, frame nor keep an answer. */
const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** A year. Source: RFC 6797 §6.1: it counts only where it came over TLS. */
const HSTS = { 'strict-transport-security': 'max-age=31536000' } as const;

export function securityHeaders(scheme: 'http' | 'https'): Readonly<Record<string, string>> {
  return scheme === 'https' ? { ...HEADERS, ...HSTS } : HEADERS;
}

/** Puts the headers on every answer, errors included. A route may set its own. */
export function sendSecurityHeaders(server: FastifyInstance, scheme: 'http' | 'https'): void {
  const headers = securityHeaders(scheme);
  server.addHook('onRequest', async (_request, reply) => void reply.headers(headers));
}
