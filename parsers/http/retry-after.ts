/** Longer than that nobody may make us wait. */
const MOST_MS = 10 * 60_000;

/**
 * Milliseconds that a Retry-After header asks for, at most 10 minutes; 0 where it asks for nothing.
 * Source: RFC 9110 §10.2.3: seconds, or an HTTP-date.
 */
export function retryAfterMs(header: string | string[] | undefined, nowMs: number): number {
  const text = String(header ?? '').trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return ms > 0 ? Math.min(ms, MOST_MS) : 0;
}
