import { createSecureContext, getCACertificates } from 'node:tls';
import { UsageError } from '../usage-error.ts';

/** Whom a TLS connection of ours to others believes; `owner` has that `ca`, for messages. NODE_TLS_REJECT_UNAUTHORIZED=0, left in some shell, changes nothing. */
export function trustedBy(ca: string | undefined, owner: string) {
  const certificates = new Set([...getCACertificates('default'), ...getCACertificates('system')]);
  if (ca !== undefined) certificates.add(ca);
  try {
    const secureContext = createSecureContext({ ca: [...certificates], minVersion: 'TLSv1.2' });
    return { secureContext, rejectUnauthorized: true };
  } catch (error) {
    throw new UsageError(
      `${owner}: a certificate in ca cannot be used: ${(error as Error).message}`,
    );
  }
}
