/**
 * What verification says of one signature. Every check runs and every failure is kept; `status` is derived from the
 * findings. Nothing here is thrown: a signature that fails is an answer.
 */
export type FindingLevel = 'error' | 'warning' | 'info';

/** One check and its outcome, by its Windows name: TRUST_E_BAD_DIGEST, NTE_BAD_SIGNATURE, ... */
export interface Finding {
  readonly code: string;
  readonly level: FindingLevel;
  /** A sentence for the analyst, with the values that disagree. */
  readonly detail: string;
}

/**
 * - `Trusted`: every check passed up to a trusted root
 * - `NotTrusted`: bytes and mathematics are right, the chain is not
 * - `HashMismatch`: the file is not the one that was signed (TRUST_E_BAD_DIGEST)
 * - `BadSignature`: the signature value or the signed attributes are wrong (NTE_BAD_SIGNATURE)
 * - `NotJudged`: nothing is wrong, but no code-signing roots were at hand to judge the chain
 * - `Malformed`: a certificate table is there, and no SignedData could be parsed from it
 * - `NotSigned`: no signature, embedded or in a catalog
 * - `CatalogNotSearched`: no embedded signature, and no catalogs were at hand to search
 */
export type SignatureStatus =
  | 'Trusted'
  | 'NotTrusted'
  | 'HashMismatch'
  | 'BadSignature'
  | 'NotJudged'
  | 'Malformed'
  | 'NotSigned'
  | 'CatalogNotSearched';

export type DigestAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** The certificate fields that records and reports show. Hashes and serials are lower-case hex. */
export interface CertificateFacts {
  /** Display name as CertGetNameString gives it; the empty string where the subject has none. */
  readonly name: string;
  readonly issuerName: string;
  /** Whole distinguished names, RFC 4514 style, most specific first. */
  readonly subject: string;
  readonly issuer: string;
  /** DER INTEGER bytes in hex without a 00 sign byte. */
  readonly serial: string;
  readonly sha1: string;
  readonly sha256: string;
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly crlUrls: readonly string[];
}

/** One certificate of a chain, and what is wrong with it there. */
export interface ChainLink {
  readonly certificate: CertificateFacts;
  readonly findings: readonly Finding[];
}

/**
 * - `good`: no certificate of the chain but its root, which no list covers, is on the current lists at hand
 * - `revoked`: one is; whether that is fatal depends on the time of the countersignature
 * - `not-checked`: for at least one there is no list, or none that is current
 */
export type RevocationStatus = 'not-checked' | 'good' | 'revoked';

/** When and by whom a signature was countersigned. */
export interface CounterSignature {
  readonly kind: 'pkcs9' | 'rfc3161';
  /** ISO 8601, UTC; null where the token carries none. */
  readonly time: string | null;
  /** Display name of the countersigning certificate; null where it is not embedded. */
  readonly signer: string | null;
  /** The time stamper's chain as far as it could be built, leaf first; its findings stand in the report's, too. */
  readonly chain: readonly ChainLink[];
}

export interface SignatureReport {
  /** 0 = primary, then nested and further ones in file order. */
  readonly index: number;
  readonly status: SignatureStatus;
  /** What WinVerifyTrust would say; null where it cannot be judged (status NotJudged). */
  readonly isTrusted: boolean | null;
  /** Every finding, also those of the chains. */
  readonly findings: readonly Finding[];
  /** The signer's chain as far as it could be built, leaf first. Of several paths the best. */
  readonly chain: readonly ChainLink[];
  /** The chain ends at a root of Microsoft's; null where it does not end and was not judged. */
  readonly isRootSignerMicrosoft: boolean | null;
  /** Which roots judged; null without any. */
  readonly trustSource: string | null;
  readonly revocationStatus: RevocationStatus;
  /** null where the SignedData holds no certificate for its SignerInfo. */
  readonly signer: CertificateFacts | null;
  /** SHA-1 thumbprint of the issuer's certificate, embedded or among the roots; null where neither has it. */
  readonly issuerSha1: string | null;
  readonly digestAlgorithm: DigestAlgorithm | null;
  /** The digest that SpcIndirectDataContent claims, and the one computed over the file. */
  readonly embeddedDigest: string | null;
  readonly computedDigest: string | null;
  readonly programName: string | null;
  readonly moreInfo: string | null;
  readonly counterSignatures: readonly CounterSignature[];
}
