import { OID } from '../der/oids.ts';
import type { AuthenticodeSignature } from './authenticode-signature.ts';
import type { Finding } from './signature-report.ts';

/** Bytes that round an entry up to a multiple of 8. */
const MAX_PADDING = 7;

const expectedAttributes = new Set<string>([
  OID.counterSignature,
  OID.nestedSignature,
  OID.rfc3161Timestamp,
]);

/**
 * Places in a signed file where anybody can put bytes without breaking the signature. Windows accepts them by default,
 * and installers use them for settings, so they are warnings. `EnableCertPaddingCheck` is the registry value that makes
 * Windows refuse the first, and `strict` makes us. Source: CVE-2013-3900, Microsoft Security Advisory 2915720.
 */
export function stuffingFindings(
  { padding, behindEntries, signerInfo }: AuthenticodeSignature,
  strict: boolean,
): Finding[] {
  const findings: Finding[] = [];
  const code = 'EnableCertPaddingCheck';
  const level = strict ? 'error' : 'warning';
  if (!padding.isZero || padding.size > MAX_PADDING) {
    const what = padding.isZero ? 'zero bytes' : 'bytes that are not all zero';
    const detail = `${padding.size} ${what} after the PKCS#7 in the certificate table`;
    findings.push({ code, level, detail });
  }
  if (behindEntries > 0) {
    const detail = `the certificate table has ${behindEntries} bytes behind its last entry`;
    findings.push({ code, level, detail });
  }
  for (const { type, values } of signerInfo.unsignedAttributes) {
    if (expectedAttributes.has(type)) continue;
    const size = values.reduce((sum, { encoded }) => sum + encoded.length, 0);
    const detail = `unauthenticated attribute ${type} of ${size} bytes`;
    findings.push({ code: 'UNAUTHENTICATED_ATTRIBUTE', level: 'warning', detail });
  }
  return findings;
}
