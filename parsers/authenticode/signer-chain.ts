import { equalBytes } from '../bytes/equal-bytes.ts';
import { OID } from '../der/oids.ts';
import { buildChain, type Chain } from '../x509/build-chain.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { AuthenticodeSignature } from './authenticode-signature.ts';
import type { RevocationStatus } from './signature-report.ts';
import type { VerificationContext } from './verification-context.ts';
import type { TimestampVerdict } from './verify-timestamp.ts';

/**
 * The signer's chain, judged at the time of the first sound countersignature, else now.
 *
 * The lifetime-signing key usage takes that back: such a signature, made with a test or short-lived certificate, ends
 * with the certificate, timestamp or not. Source: Authenticode_PE.docx, "Lifetime Signing".
 */
export function signerChain(
  { certificates, timestamps }: AuthenticodeSignature,
  signer: Certificate,
  verdicts: readonly TimestampVerdict[],
  { now, anchors, revocation, distrusted }: VerificationContext,
): Chain {
  const ofTokens = timestamps.flatMap((timestamp) =>
    timestamp.kind === 'rfc3161' ? timestamp.certificates : [],
  );
  const nowMs = Date.parse(now);
  const isLifetime = signer.extensions.extendedKeyUsage?.has(OID.lifetimeSigning) ?? false;
  const soundMs = verdicts.find(({ timeMs }) => timeMs !== undefined)?.timeMs;
  const timestampMs = isLifetime ? undefined : soundMs;
  return buildChain(signer, [...certificates, ...ofTokens], anchors?.codeSigning, {
    usage: 'code_signing',
    verificationMs: timestampMs ?? nowMs,
    verificationTimeIs: whichTime(verdicts, timestampMs, isLifetime),
    timestampMs,
    endIsJudged: anchors?.judges ?? false,
    revocation,
    nowMs,
    distrusted,
  });
}

function whichTime(
  verdicts: readonly TimestampVerdict[],
  timestampMs: number | undefined,
  isLifetime: boolean,
): string {
  if (timestampMs !== undefined) return 'the time of the countersignature';
  if (isLifetime) return 'now: lifetime signing, no countersignature extends it';
  if (verdicts.length > 0) return 'now: no countersignature is sound';
  return 'now: there is no countersignature';
}

/** The certificate that issued the leaf's, which for a self-signed one is itself; undefined where it is not at hand. */
export function issuerOf({ certificates: [leaf, issuer] }: Chain): Certificate | undefined {
  if (issuer !== undefined || leaf === undefined) return issuer;
  return equalBytes(leaf.subject, leaf.issuer) ? leaf : undefined;
}

/** Every certificate but the last must be on no list: a root is not revoked but removed. */
export function revocationStatusOf(
  chain: Chain | undefined,
  { revocation, now }: VerificationContext,
): RevocationStatus {
  if (revocation === undefined || chain === undefined) return 'not-checked';
  const { certificates, end } = chain;
  const answers = certificates.flatMap((certificate, index) => {
    const issuer = certificates[index + 1];
    return issuer ? [revocation.check(certificate, issuer, Date.parse(now)).status] : [];
  });
  if (answers.includes('revoked')) return 'revoked';
  const isWhole = end === 'trusted-root' || end === 'unknown-root';
  return isWhole && answers.every((status) => status === 'good') ? 'good' : 'not-checked';
}
