import { createHmac } from 'node:crypto';

/** Seconds since 1970 at which the body was signed. */
export const TIMESTAMP_HEADER = 'certsweep-timestamp';
/** `v1=` and the HMAC in 64 lower-case hex digits. */
export const SIGNATURE_HEADER = 'certsweep-signature';

/**
 * The signature of a body: HMAC-SHA-256 over the timestamp, a dot, and the bytes of the body. The timestamp is signed with
 * it, so that a receiver can refuse what somebody has recorded and sends again.
 * Source: RFC 2104.
 */
export function signBody(secret: string, timestamp: number, body: string): string {
  const mac = createHmac('sha256', secret).update(`${timestamp}.${body}`, 'utf8');
  return `v1=${mac.digest('hex')}`;
}
