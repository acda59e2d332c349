import { createSecureContext, getCACertificates } from 'node:tls';
import { UsageError } from '../usage-error.ts';

/** Whom a TLS connection believes. NODE_TLS_REJECT_UNAUTHORIZED=0, left in some shell, changes nothing. */
export function trustedBy(ca: string | undefined, channel: string) {
  const certificates = new Set([...getCACertificates('default'), ...getCACertificates('system')]);
  if (ca !== undefined) certificates.add(ca);
  try {
    const secureContext = createSecureContext({ ca: [...certificates], minVersion: 'TLSv1.2' });
    return { secureContext, rejectUnauthorized: true };
  } catch (error) {
    throw new UsageError(
      `channel ${channel}: a certificate in ca cannot be used: ${(error as Error).message}`,
    );
  }
}
