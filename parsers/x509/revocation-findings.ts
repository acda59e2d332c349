import type { Finding } from '../authenticode/signature-report.ts';
import type { Certificate } from './certificate.ts';
import type { RevocationLists } from './revocation-lists.ts';

/**
 * What the lists at hand hold against `certificate`. Revoked after the countersignature is no fault: the signature was
 * made while the certificate was good. The authority sets the date back where a key was stolen earlier.
 * Source: Microsoft, "Time Stamping Authenticode Signatures".
 */
export function revocationFindings(
  certificate: Certificate,
  issuer: Certificate,
  purpose: {
    readonly revocation: RevocationLists | undefined;
    readonly timestampMs: number | undefined;
    readonly nowMs: number;
  },
): Finding[] {
  const answer = purpose.revocation?.check(certificate, issuer, purpose.nowMs);
  if (answer?.status !== 'revoked') return [];
  const { name, serial } = certificate.facts;
  const reason = answer.reason === undefined ? '' : `, reason ${answer.reason}`;
  const revoked = `${name} (serial number ${serial}) was revoked at ${answer.date}${reason}`;
  const { timestampMs } = purpose;
  if (timestampMs === undefined || timestampMs >= Date.parse(answer.date))
    return [{ code: 'CERT_E_REVOKED', level: 'error', detail: revoked }];
  const detail = `${revoked}, after it had been used here`;
  return [{ code: 'CERT_E_REVOKED', level: 'warning', detail }];
}
