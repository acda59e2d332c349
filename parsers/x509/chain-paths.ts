import { equalBytes } from '../bytes/equal-bytes.ts';
import type { Certificate } from './certificate.ts';
import type { RootSet } from './root-set.ts';
import { isSignedBy } from './verify-link.ts';

/**
 * Where a path ends.
 * - `trusted-root`: at one of the roots
 * - `unknown-root`: at a certificate that issued itself and is none of the roots
 * - `missing-issuer`: at a certificate whose issuer is neither embedded nor a root
 * - `too-long`: after MAX_LENGTH certificates
 */
export type PathEnd = 'trusted-root' | 'unknown-root' | 'missing-issuer' | 'too-long';

/** One way from a leaf upwards. */
export interface ChainPath {
  /** Leaf first. Each names the next one as its issuer. */
  readonly certificates: readonly Certificate[];
  /** Indices of those whose signature the next one, or for a self-issued end itself, did not make. */
  readonly brokenLinks: ReadonlySet<number>;
  readonly end: PathEnd;
}

/** Real chains have 2 to 6. */
const MAX_LENGTH = 12;
/** For one leaf, in units of PublicKey.cost: a file may bring hundreds of certificates with one name and huge keys. */
const MAX_COST = 128;

/**
 * Every path from `leaf` over the `embedded` certificates to a root, in the order in which they should be tried. Several
 * come of cross-certificates: one authority, certified by two others. No certificate stands twice in one path, so loops
 * end. After MAX_COST further issuers are as if absent.
 *
 * Issuers are found by name, compared byte for byte as Windows does. Where several have it, those that made the
 * signature count; where none did, the one that the key identifiers point to is still followed, for the report.
 * Source: RFC 4158 §2.4; CertGetCertificateChain documentation.
 */
export function* chainPaths(
  leaf: Certificate,
  embedded: readonly Certificate[],
  roots: RootSet | undefined,
): Generator<ChainPath> {
  let costLeft = MAX_COST;
  yield* extend([leaf], new Set());

  function* extend(
    path: readonly Certificate[],
    broken: ReadonlySet<number>,
  ): Generator<ChainPath> {
    const last = path[path.length - 1] ?? leaf;
    if (roots?.has(last)) {
      yield { certificates: path, brokenLinks: broken, end: 'trusted-root' };
      return;
    }
    if (path.length === MAX_LENGTH) {
      yield { certificates: path, brokenLinks: broken, end: 'too-long' };
      return;
    }
    const isSelfIssued = equalBytes(last.subject, last.issuer);
    if (isSelfIssued && check(last, last)) {
      yield { certificates: path, brokenLinks: broken, end: 'unknown-root' };
      return;
    }
    const inPath = new Set(path.map(({ facts }) => facts.sha256));
    const candidates = issuersOf(last, embedded, roots).filter(
      ({ facts }) => !inPath.has(facts.sha256),
    );
    const signers = candidates.filter((issuer) => check(last, issuer));
    for (const issuer of signers) yield* extend([...path, issuer], broken);
    if (signers.length > 0) return;

    const stillBroken = new Set([...broken, path.length - 1]);
    const [named] =
      costLeft > 0 ? candidates.filter((issuer) => isKeyOf(issuer, last) !== false) : [];
    if (named) yield* extend([...path, named], stillBroken);
    else if (isSelfIssued && isKeyOf(last, last) !== false)
      yield { certificates: path, brokenLinks: stillBroken, end: 'unknown-root' };
    else yield { certificates: path, brokenLinks: broken, end: 'missing-issuer' };
  }

  function check(certificate: Certificate, issuer: Certificate): boolean {
    costLeft -= issuer.verificationCost;
    return costLeft >= 0 && isSignedBy(certificate, issuer);
  }
}

/** Each once, roots first, and in each group those first that the authority key identifier points to. */
function issuersOf(
  certificate: Certificate,
  embedded: readonly Certificate[],
  roots: RootSet | undefined,
): Certificate[] {
  const fromRoots = roots?.bySubject(certificate.issuer) ?? [];
  const fromFile = embedded.filter(({ subject }) => equalBytes(subject, certificate.issuer));
  const all = [...byKeyFirst(fromRoots, certificate), ...byKeyFirst(fromFile, certificate)];
  return [...new Map(all.map((issuer) => [issuer.facts.sha256, issuer])).values()];
}

function byKeyFirst(issuers: readonly Certificate[], certificate: Certificate): Certificate[] {
  if (issuers.length < 2) return [...issuers];
  const pointedTo = issuers.filter((issuer) => isKeyOf(issuer, certificate) === true);
  return [...new Set([...pointedTo, ...issuers])];
}

/** Whether the key identifiers say that `issuer` signed `certificate`; undefined where one of them is absent. */
function isKeyOf(issuer: Certificate, certificate: Certificate): boolean | undefined {
  const wanted = certificate.extensions.authorityKeyIdentifier;
  const { subjectKeyIdentifier } = issuer.extensions;
  return wanted && subjectKeyIdentifier && equalBytes(wanted, subjectKeyIdentifier);
}
