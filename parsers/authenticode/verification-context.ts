import type { RevocationLists } from '../x509/revocation-lists.ts';
import type { TrustAnchors } from '../x509/trust-anchors.ts';

/** What a verdict depends on beside the file. The same for every signature of a sweep. */
export interface VerificationContext {
  /** ISO 8601: the time at which a signature without a countersignature is judged. */
  readonly now: string;
  /** undefined where no roots are at hand: a sound signature is then NotJudged. */
  readonly anchors: TrustAnchors | undefined;
  /** Certificate revocation lists given by the user. Without them revocation is not checked, which is no fault. */
  readonly revocation?: RevocationLists;
  /** SHA-1 or SHA-256 thumbprints in lower-case hex of certificates that must not be trusted. */
  readonly distrusted?: ReadonlySet<string>;
  /** As with Windows' EnableCertPaddingCheck: bytes stuffed into the certificate table are fatal. */
  readonly strict?: boolean;
}
