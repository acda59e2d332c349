import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { UsageError } from '../usage-error.ts';
import { readKeyFile } from './read-key.ts';

/** What a TLS server shows of itself, in PEM. */
export interface Identity {
  readonly key: string;
  /** The server's certificate first, then those above it. */
  readonly cert: string;
  readonly certificate: X509Certificate;
}

/** TLS 1.0 and 1.1 are deprecated. Source: RFC 8996. */
export const MIN_TLS_VERSION = 'TLSv1.2';

/** Reads and checks the files of `--tls-cert` and `--tls-key`. Throws UsageError where they cannot serve. */
export function readIdentity(certFile: string, keyFile: string, now: Date): Identity {
  const cert = readText(certFile, 'certificate');
  const key = readText(keyFile, 'key');
  let certificate: X509Certificate;
  let matches: boolean;
  try {
    certificate = new X509Certificate(cert);
  } catch (error) {
    throw new UsageError(`${certFile} holds no certificate in PEM: ${messageOf(error)}`);
  }
  try {
    matches = certificate.checkPrivateKey(createPrivateKey(key));
  } catch (error) {
    throw new UsageError(`${keyFile} holds no private key in PEM: ${messageOf(error)}`);
  }
  if (!matches) throw new UsageError(`${keyFile} is not the key of the certificate in ${certFile}`);
  if (certificate.validToDate < now)
    throw new UsageError(
      `the certificate in ${certFile} expired at ${certificate.validToDate.toISOString()}: agents would refuse it`,
    );
  return { key, cert, certificate };
}

/** Whether `host`, as in a Host header and with or without a port, is a name or address of the certificate. */
export function isNameOf(certificate: X509Certificate, host: string): boolean {
  const [, address, name = ''] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d{1,5})?$/.exec(host) ?? [];
  const bare = address ?? name;
  if (isIP(bare) !== 0) return certificate.checkIP(bare) !== undefined;
  return certificate.checkHost(bare, { subject: 'never' }) !== undefined;
}

function readText(file: string, what: 'certificate' | 'key'): string {
  try {
    return what === 'key' ? readKeyFile(file) : readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read the ${what} ${file}: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
