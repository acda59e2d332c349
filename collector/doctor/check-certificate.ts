import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readIdentity } from '../tls/identity.ts';
import { UsageError } from '../usage-error.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const DAY_MS = 86_400_000;
/** `serve` renews its own a month before the end, and public ones are renewed about then: later is a reason to look. */
const SOON_DAYS = 21;
/** `serve` makes the next authority two years before the end; agents need it within this. */
const AUTHORITY_SOON_DAYS = 365;

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** The files that `--tls-self-signed` made; undefined where it never did. */
export function selfMadeFiles(dataFolder: string): CertificateFiles | undefined {
  const [cert, key] = ['server.pem', 'server.key'].map((name) =>
    path.join(dataFolder, 'tls', name),
  );
  return cert && key && existsSync(cert) ? { cert, key } : undefined;
}

/** Whether `serve` can start with these, and how long their certificate is good. */
export function checkCertificate({ cert, key }: CertificateFiles, now: Date): Finding {
  try {
    const until = readIdentity(cert, key, now).certificate.validToDate;
    const remedy = 'renew it, then send SIGHUP to serve (its own it renews when it starts)';
    return ending('certificate', cert, until, now, { soonDays: SOON_DAYS, remedy });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return fail('certificate', error.message, 'serve does not start with these files');
  }
}

/** The authority that agents trust where the collector makes its own certificate. */
export function checkAuthority(dataFolder: string, now: Date): readonly Finding[] {
  const file = path.join(dataFolder, 'tls', 'ca.pem');
  if (!existsSync(file)) return [];
  const until = new X509Certificate(readFileSync(file)).validToDate;
  const remedy = `start serve, which makes the next, and give ${file} to the agents`;
  return [ending('authority', file, until, now, { soonDays: AUTHORITY_SOON_DAYS, remedy })];
}

function ending(
  check: string,
  file: string,
  until: Date,
  now: Date,
  { soonDays, remedy }: { readonly soonDays: number; readonly remedy: string },
): Finding {
  const days = Math.floor((until.getTime() - now.getTime()) / DAY_MS);
  const message = `${file} is good until ${until.toISOString()}, ${days} days`;
  if (days < 0) return fail(check, message, remedy);
  return days < soonDays ? warn(check, message, remedy) : ok(check, message);
}
