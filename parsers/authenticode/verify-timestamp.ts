import { hash } from 'node:crypto';
import { equalBytes } from '../bytes/equal-bytes.ts';
import { toHex } from '../bytes/hex.ts';
import { digestAlgorithmOf } from '../cms/digest-algorithm.ts';
import { verifySignerInfo } from '../cms/verify-signer-info.ts';
import { buildChain, type Chain } from '../x509/build-chain.ts';
import type { AuthenticodeSignature, Timestamp } from './authenticode-signature.ts';
import type { CounterSignature, Finding } from './signature-report.ts';
import type { VerificationContext } from './verification-context.ts';

export interface TimestampVerdict {
  readonly counterSignature: CounterSignature;
  readonly findings: readonly Finding[];
  /** Milliseconds since 1970: when the signature existed, by a sound countersignature; else undefined. */
  readonly timeMs: number | undefined;
  /** False where the time stamper's chain could not be judged. */
  readonly isJudged: boolean;
}

/**
 * Judges one countersignature: it covers this signature's value, its own value is right, and the time stamper's chain
 * was good at that time. The chain is not judged as of now: most time stampers' certificates have expired.
 *
 * Every failure is TRUST_E_COUNTER_SIGNER, with the underlying code in its detail. A countersignature that is sound but
 * whose chain is not trusted still tells the time, so that one fault is not reported as two.
 * Source: Authenticode_PE.docx, "Timestamp"; RFC 3161 §2.4.2; RFC 5652 §11.4.
 */
export function verifyTimestamp(
  timestamp: Timestamp,
  signature: AuthenticodeSignature,
  context: VerificationContext,
): TimestampVerdict {
  const { kind, time, signer } = timestamp;
  const wrong = [...contentFaults(timestamp, signature), ...signatureFaults(timestamp, signature)];
  const timeMs = time === null ? undefined : Date.parse(time);
  const chain =
    timeMs === undefined ? undefined : timeStamperChain(timestamp, signature, timeMs, context);
  const findings = [
    ...wrong.map((detail) => counterSigner(timestamp, detail)),
    ...(chain?.findings ?? []).map((finding) =>
      finding.level === 'error'
        ? counterSigner(timestamp, `${finding.code}: ${finding.detail}`)
        : finding,
    ),
  ];
  return {
    counterSignature: {
      kind,
      time,
      signer: signer?.facts.name ?? null,
      chain: chain?.links ?? [],
    },
    findings,
    timeMs: wrong.length === 0 ? timeMs : undefined,
    isJudged: chain?.end === 'trusted-root' || context.anchors?.judges === true,
  };
}

/** A PKCS#9 countersignature covers the signature value itself, which its messageDigest then says. */
function contentFaults(timestamp: Timestamp, { signerInfo }: AuthenticodeSignature): string[] {
  if (timestamp.time === null) return ['it names no time'];
  if (timestamp.kind === 'pkcs9') return [];
  const { algorithm, digest } = timestamp.tstInfo.messageImprint;
  const digestName = digestAlgorithmOf(algorithm.algorithm);
  if (digestName === undefined)
    return [`its messageImprint uses the unknown algorithm ${algorithm.algorithm}`];
  const computed = hash(digestName, signerInfo.signature, 'buffer');
  if (equalBytes(computed, digest)) return [];
  return [
    `it is for another signature: its messageImprint is not ${digestName} ${toHex(computed)}`,
  ];
}

function signatureFaults(timestamp: Timestamp, signature: AuthenticodeSignature): string[] {
  const { signer, signerInfo } = timestamp;
  if (signer === undefined) return ["the time stamper's certificate is not in the file"];
  const content =
    timestamp.kind === 'pkcs9'
      ? signature.signerInfo.signature
      : (timestamp.token.content?.content ?? new Uint8Array());
  return verifySignerInfo(signerInfo, content, signer.publicKey).map(({ detail }) => detail);
}

function timeStamperChain(
  timestamp: Timestamp,
  signature: AuthenticodeSignature,
  timeMs: number,
  { now, anchors, revocation, distrusted }: VerificationContext,
): Chain | undefined {
  if (timestamp.signer === undefined) return undefined;
  const own = timestamp.kind === 'rfc3161' ? timestamp.certificates : [];
  return buildChain(timestamp.signer, [...own, ...signature.certificates], anchors?.timeStamping, {
    usage: 'time_stamping',
    verificationMs: timeMs,
    verificationTimeIs: 'the time in the countersignature',
    timestampMs: timeMs,
    endIsJudged: anchors?.judges ?? false,
    revocation,
    nowMs: Date.parse(now),
    distrusted,
  });
}

function counterSigner({ kind, signer }: Timestamp, detail: string): Finding {
  const by = signer ? ` by ${signer.facts.name}` : '';
  const what = kind === 'pkcs9' ? 'PKCS#9 countersignature' : 'RFC 3161 timestamp';
  return { code: 'TRUST_E_COUNTER_SIGNER', level: 'error', detail: `${what}${by}: ${detail}` };
}
