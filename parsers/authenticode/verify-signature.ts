import { toHex } from '../bytes/hex.ts';
import { verifySignerInfo } from '../cms/verify-signer-info.ts';
import { findIssuer } from '../x509/certificate-bag.ts';
import type { AuthenticodeSignature } from './authenticode-signature.ts';
import type {
  DigestAlgorithm,
  Finding,
  SignatureReport,
  SignatureStatus,
} from './signature-report.ts';
import type { SpcIndirectData } from './spc-indirect-data.ts';
import { stuffingFindings } from './stuffing-findings.ts';

/**
 * Judges one signature as far as bytes and mathematics go: the image digest, the messageDigest attribute, the signature
 * value. Chains and countersignatures are not judged yet, so a sound signature is `NotJudged`.
 *
 * `imageDigests` are lower-case hex, one for each of digestAlgorithmsOf. Every check runs and every failure is kept.
 */
export function verifySignature(
  signature: AuthenticodeSignature,
  index: number,
  imageDigests: ReadonlyMap<DigestAlgorithm, string>,
): SignatureReport {
  const { indirectData, signer, opusInfo } = signature;
  const embeddedDigest = indirectData ? toHex(indirectData.digest) : null;
  const computedDigest = computedDigestOf(signature, imageDigests);
  const findings = [
    ...imageDigestFindings(indirectData, computedDigest),
    ...signerFindings(signature),
    ...stuffingFindings(signature),
  ];
  const issuer = signer && findIssuer(signature.certificates, signer);
  return {
    index,
    status: statusOf(findings),
    findings,
    signer: signer?.facts ?? null,
    issuerSha1: issuer?.facts.sha1 ?? null,
    digestAlgorithm: indirectData?.digestAlgorithm ?? null,
    embeddedDigest,
    computedDigest,
    programName: opusInfo?.programName ?? null,
    moreInfo: opusInfo?.moreInfo ?? null,
    counterSignatures: signature.timestamps.map(({ kind, time, signer }) => ({
      kind,
      time,
      signer: signer?.facts.name ?? null,
    })),
  };
}

/** null for an algorithm that we do not know, and for a catalog. A digest that the caller should have brought is a bug of ours. */
function computedDigestOf(
  { indirectData }: AuthenticodeSignature,
  imageDigests: ReadonlyMap<DigestAlgorithm, string>,
): string | null {
  const digestAlgorithm = indirectData?.digestAlgorithm;
  if (digestAlgorithm === undefined) return null;
  const computed = imageDigests.get(digestAlgorithm);
  if (computed === undefined)
    throw new Error(`no ${digestAlgorithm} digest of the image was given`);
  return computed;
}

function imageDigestFindings(
  indirectData: SpcIndirectData | undefined,
  computed: string | null,
): Finding[] {
  if (indirectData === undefined) return []; // a catalog: its list is the content, which messageDigest covers
  const embedded = toHex(indirectData.digest);
  if (computed === null) {
    const detail = `the image digest uses the unknown algorithm ${indirectData.digestOid}`;
    return [{ code: 'CRYPT_E_UNKNOWN_ALGO', level: 'error', detail }];
  }
  if (computed === embedded) return [];
  const detail = `signed was ${indirectData.digestAlgorithm} ${embedded}, the file has ${computed}`;
  return [{ code: 'TRUST_E_BAD_DIGEST', level: 'error', detail }];
}

function signerFindings({ signer, signerInfo, content }: AuthenticodeSignature): Finding[] {
  if (signer === undefined) {
    const detail = 'the certificate that SignerInfo names is not in the signature';
    return [{ code: 'TRUST_E_NO_SIGNER_CERT', level: 'error', detail }];
  }
  return verifySignerInfo(signerInfo, content, signer.publicKey).map(({ kind, detail }) => ({
    code: kind === 'unsupported' ? 'CRYPT_E_UNKNOWN_ALGO' : 'NTE_BAD_SIGNATURE',
    level: 'error',
    detail,
  }));
}

/** A changed file outranks a broken signature value, and both outrank what keeps a signature from being judged. */
function statusOf(findings: readonly Finding[]): SignatureStatus {
  const errors = findings.filter(({ level }) => level === 'error').map(({ code }) => code);
  if (errors.includes('TRUST_E_BAD_DIGEST')) return 'HashMismatch';
  if (errors.includes('NTE_BAD_SIGNATURE')) return 'BadSignature';
  return errors.length > 0 ? 'NotTrusted' : 'NotJudged';
}
