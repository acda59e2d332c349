import { equalBytes } from '../bytes/equal-bytes.ts';
import { toHex } from '../bytes/hex.ts';
import { digestAlgorithmOf } from '../cms/digest-algorithm.ts';
import { verifySignatureValue } from '../cms/verify-signature-value.ts';
import type { Certificate } from './certificate.ts';
import type { Crl } from './crl.ts';

/** What the lists say of one certificate. */
export type RevocationAnswer =
  | { readonly status: 'not-checked' | 'good' }
  /** `date` is ISO 8601; `reason` the CRLReason's name, where one is given. */
  | { readonly status: 'revoked'; readonly date: string; readonly reason: string | undefined };

const NOT_CHECKED: RevocationAnswer = { status: 'not-checked' };

/**
 * The certificate revocation lists that the user gave. One counts for a certificate where its issuer made it: the name is
 * the issuer's and the signature is by the issuer's key. Indirect lists, made by others, are not used.
 *
 * `good` needs a list that is current and complete for the certificate; `revoked` does not, since an entry stays true in
 * an old list. Source: RFC 5280 §6.3.3.
 */
export class RevocationLists {
  readonly size: number;
  readonly #byIssuer: ReadonlyMap<string, readonly Crl[]>;
  /** Of each list, by the SHA-256 of the issuer's certificate: whether that one made it. */
  readonly #verified = new WeakMap<Crl, Map<string, boolean>>();

  constructor(crls: readonly Crl[]) {
    this.size = crls.length;
    this.#byIssuer = Map.groupBy(crls, ({ issuer }) => toHex(issuer));
  }

  check(certificate: Certificate, issuer: Certificate, nowMs: number): RevocationAnswer {
    let answer = NOT_CHECKED;
    for (const crl of this.#byIssuer.get(toHex(certificate.issuer)) ?? []) {
      if (crl.isIndirect || !covers(crl, certificate) || !this.#isBy(crl, issuer)) continue;
      const entry = crl.revoked.get(certificate.facts.serial);
      if (entry !== undefined) return { status: 'revoked', ...entry };
      if (crl.isComplete && nowMs >= crl.thisUpdateMs && nowMs <= crl.nextUpdateMs)
        answer = { status: 'good' };
    }
    return answer;
  }

  #isBy(crl: Crl, issuer: Certificate): boolean {
    const answers = this.#verified.get(crl) ?? new Map<string, boolean>();
    const known = answers.get(issuer.facts.sha256);
    if (known !== undefined) return known;
    const answer = isMadeBy(crl, issuer);
    if (answers.size < MAX_ISSUERS) answers.set(issuer.facts.sha256, answer);
    this.#verified.set(crl, answers);
    return answer;
  }
}

/** Certificates remembered with one list: an authority has one, after cross-certification a few. */
const MAX_ISSUERS = 64;

function covers({ scope, urls }: Crl, { extensions }: Certificate): boolean {
  if (urls.length > 0 && !urls.some((url) => extensions.crlUrls.includes(url))) return false;
  if (scope === 'all') return true;
  return (scope === 'authorities') === (extensions.basicConstraints?.isAuthority ?? false);
}

function isMadeBy({ issuer, signature, signedBytes }: Crl, authority: Certificate): boolean {
  const { keyUsage } = authority.extensions;
  if (!equalBytes(issuer, authority.subject) || keyUsage?.crlSigning === false) return false;
  const digest = digestAlgorithmOf(signature.algorithm.algorithm);
  const { algorithm, value } = signature;
  return (
    verifySignatureValue(algorithm, digest, signedBytes, value, authority.publicKey) === undefined
  );
}
