import { toHex } from '../bytes/hex.ts';
import { attributeValues } from '../cms/attribute.ts';
import { verifySignerInfo } from '../cms/verify-signer-info.ts';
import { OID } from '../der/oids.ts';
import type { AuthenticodeSignature } from './authenticode-signature.ts';
import type {
  DigestAlgorithm,
  Finding,
  SignatureReport,
  SignatureStatus,
} from './signature-report.ts';
import { issuerOf, revocationStatusOf, signerChain } from './signer-chain.ts';
import { signerNotes } from './signer-notes.ts';
import type { SpcIndirectData } from './spc-indirect-data.ts';
import { stuffingFindings } from './stuffing-findings.ts';
import type { VerificationContext } from './verification-context.ts';
import { verifyTimestamp } from './verify-timestamp.ts';

/**
 * Judges one signature to the end: the image digest, the messageDigest attribute, the signature value, every
 * countersignature, and the signer's chain at the time of the first sound one, else at `context.now`.
 *
 * `imageDigests` are lower-case hex, one for each of digestAlgorithmsOf; `fileFindings` what else was found by reading the
 * file: see verifyPageHashes. Every check runs and every failure is kept.
 */
export function verifySignature(
  signature: AuthenticodeSignature,
  index: number,
  imageDigests: ReadonlyMap<DigestAlgorithm, string>,
  context: VerificationContext,
  fileFindings: readonly Finding[] = [],
): SignatureReport {
  const { indirectData, signer, opusInfo } = signature;
  const computedDigest = computedDigestOf(signature, imageDigests);
  const timestamps = signature.timestamps.map((timestamp) =>
    verifyTimestamp(timestamp, signature, context),
  );
  const chain = signer && signerChain(signature, signer, timestamps, context);
  const ownFindings = [
    ...imageDigestFindings(indirectData, computedDigest),
    ...fileFindings,
    ...signatureValueFindings(signature),
    ...timestamps.flatMap(({ findings }) => findings),
    ...lostTimestampFindings(signature),
    ...(chain?.findings ?? []),
  ];
  const findings = [
    ...ownFindings,
    ...stuffingFindings(signature, context.strict ?? false),
    ...signerNotes(signature, ownFindings, chain),
  ];
  const judges = context.anchors?.judges ?? false;
  const isJudged =
    (judges || chain?.end === 'trusted-root') && timestamps.every(({ isJudged }) => isJudged);
  const status = statusOf(findings, isJudged);
  return {
    index,
    status,
    isTrusted: status === 'NotJudged' ? null : status === 'Trusted',
    findings,
    signer: signer?.facts ?? null,
    issuerSha1: chain ? (issuerOf(chain)?.facts.sha1 ?? null) : null,
    chain: chain?.links ?? [],
    isRootSignerMicrosoft: chain?.endsAtMicrosoftRoot ?? (judges ? false : null),
    trustSource: context.anchors?.source ?? null,
    revocationStatus: revocationStatusOf(chain, context),
    digestAlgorithm: indirectData?.digestAlgorithm ?? null,
    embeddedDigest: indirectData ? toHex(indirectData.digest) : null,
    computedDigest,
    programName: opusInfo?.programName ?? null,
    moreInfo: opusInfo?.moreInfo ?? null,
    counterSignatures: timestamps.map(({ counterSignature }) => counterSignature),
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
    return [error('CRYPT_E_UNKNOWN_ALGO', detail)];
  }
  if (computed === embedded) return [];
  const detail = `signed was ${indirectData.digestAlgorithm} ${embedded}, the file has ${computed}`;
  return [error('TRUST_E_BAD_DIGEST', detail)];
}

function signatureValueFindings({ signer, signerInfo, content }: AuthenticodeSignature): Finding[] {
  if (signer === undefined) {
    const detail = 'the certificate that SignerInfo names is not in the signature';
    return [error('TRUST_E_NO_SIGNER_CERT', detail)];
  }
  return verifySignerInfo(signerInfo, content, signer.publicKey).map(({ kind, detail }) =>
    error(kind === 'unsupported' ? 'CRYPT_E_UNKNOWN_ALGO' : 'NTE_BAD_SIGNATURE', detail),
  );
}

/** Countersignatures that could not be parsed: each is among the file's problems, and here it must not be as if absent. */
function lostTimestampFindings({ signerInfo, timestamps }: AuthenticodeSignature): Finding[] {
  const lost =
    attributeValues(signerInfo.unsignedAttributes, OID.counterSignature).length +
    attributeValues(signerInfo.unsignedAttributes, OID.rfc3161Timestamp).length -
    timestamps.length;
  if (lost === 0) return [];
  return [error('TRUST_E_TIME_STAMP', `countersignatures that could not be read: ${lost}`)];
}

/** A changed file outranks a broken signature value, and both outrank a chain that is wrong or was not judged. */
function statusOf(findings: readonly Finding[], isJudged: boolean): SignatureStatus {
  const errors = findings.filter(({ level }) => level === 'error').map(({ code }) => code);
  if (errors.includes('TRUST_E_BAD_DIGEST')) return 'HashMismatch';
  if (errors.includes('NTE_BAD_SIGNATURE')) return 'BadSignature';
  if (errors.length > 0) return 'NotTrusted';
  return isJudged ? 'Trusted' : 'NotJudged';
}

function error(code: string, detail: string): Finding {
  return { code, level: 'error', detail };
}
