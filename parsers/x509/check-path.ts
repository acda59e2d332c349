import type { ChainLink, Finding } from '../authenticode/signature-report.ts';
import { OID } from '../der/oids.ts';
import type { Certificate } from './certificate.ts';
import type { ChainPath } from './chain-paths.ts';
import { restrictionFindings } from './restriction-findings.ts';
import { revocationFindings } from './revocation-findings.ts';
import type { RevocationLists } from './revocation-lists.ts';
import type { RootSet } from './root-set.ts';
import type { CertificateUsage } from './trust-anchors.ts';

/** What a chain must be good for, and when. */
export interface ChainPurpose {
  readonly usage: CertificateUsage;
  /** Milliseconds since 1970: the time of the countersignature, else now. */
  readonly verificationMs: number;
  /** What stands behind CERT_E_EXPIRED, for the reader: "at the countersignature", "now: there is no countersignature". */
  readonly verificationTimeIs: string;
  /** The time of a countersignature: certificates revoked later still count. undefined without one. */
  readonly timestampMs: number | undefined;
  /** False where a chain that ends outside the roots is no fault, since the roots are not those for this purpose. */
  readonly endIsJudged: boolean;
  readonly revocation: RevocationLists | undefined;
  readonly nowMs: number;
  readonly distrusted: ReadonlySet<string> | undefined;
}

const purposeOf: Readonly<Record<CertificateUsage, string>> = {
  code_signing: OID.codeSigning,
  time_stamping: OID.timeStamping,
};

/** Critical extensions that are looked at here, or that do not limit who may sign code. Name constraints are neither. */
const understood = new Set<string>([
  OID.keyUsage,
  OID.subjectAltName,
  OID.issuerAltName,
  OID.basicConstraints,
  OID.crlDistributionPoints,
  OID.authorityKeyIdentifier,
  OID.extendedKeyUsage,
  OID.subjectKeyIdentifier,
  OID.certificatePolicies,
  OID.policyMappings,
  OID.policyConstraints,
]);

/**
 * Every certificate of the path with what is wrong with it. Every check runs: a chain can fail in several ways at once.
 *
 * The root's own signature, usages and constraints are not looked at: it is trusted because it is known.
 * Source: RFC 5280 §6.1; codes as in CertVerifyCertificateChainPolicy, CERT_CHAIN_POLICY_AUTHENTICODE.
 */
export function checkPath(
  path: ChainPath,
  roots: RootSet | undefined,
  purpose: ChainPurpose,
): ChainLink[] {
  const { certificates, brokenLinks, end } = path;
  return certificates.map((certificate, index) => {
    const isLast = index === certificates.length - 1;
    const isTrustedRoot = isLast && end === 'trusted-root';
    const issuer = certificates[index + 1];
    const findings = [
      ...timeFindings(certificate, purpose),
      ...distrustFindings(certificate, purpose),
      ...(isTrustedRoot ? [] : usageFindings(certificate, index, purpose)),
      ...(isTrustedRoot || index === 0 ? [] : authorityFindings(certificates, index)),
      ...(brokenLinks.has(index) ? [brokenLink(certificate)] : []),
      ...(issuer ? revocationFindings(certificate, issuer, purpose) : []),
      ...(isLast ? endFindings(certificate, path, roots, purpose) : []),
    ];
    return { certificate: certificate.facts, findings };
  });
}

function timeFindings(certificate: Certificate, purpose: ChainPurpose): Finding[] {
  const { verificationMs, verificationTimeIs } = purpose;
  if (verificationMs >= certificate.validFromMs && verificationMs <= certificate.validToMs)
    return [];
  const { name, notBefore, notAfter } = certificate.facts;
  const time = new Date(verificationMs).toISOString();
  const detail = `${name} is valid ${notBefore} to ${notAfter}, not at ${time} (${verificationTimeIs})`;
  return [error('CERT_E_EXPIRED', detail)];
}

function distrustFindings({ facts }: Certificate, { distrusted }: ChainPurpose): Finding[] {
  if (!distrusted?.has(facts.sha1) && !distrusted?.has(facts.sha256)) return [];
  const detail = `${facts.name} (${facts.sha1}) is on the list of distrusted certificates`;
  return [error('TRUST_E_EXPLICIT_DISTRUST', detail)];
}

/** An authority without an extended key usage may issue for all, one with it only for what it names, as in Windows. */
function usageFindings(
  { facts: { name }, extensions }: Certificate,
  index: number,
  { usage }: ChainPurpose,
): Finding[] {
  const findings: Finding[] = [];
  const { extendedKeyUsage, keyUsage, critical, isWhole } = extensions;
  const wanted = purposeOf[usage];
  if (extendedKeyUsage && !extendedKeyUsage.has(wanted) && !allowsAny(extendedKeyUsage)) {
    const isTls = index === 0 && extendedKeyUsage.has(OID.serverAuth);
    const given = isTls ? 'a TLS server' : [...extendedKeyUsage].join(', ') || 'nothing';
    const detail = `${name} is a certificate for ${given}, not for ${usage.replace('_', ' ')}`;
    findings.push(error('CERT_E_WRONG_USAGE', detail));
  }
  const mayDo =
    index === 0
      ? keyUsage?.digitalSignature || keyUsage?.nonRepudiation
      : keyUsage?.certificateSigning;
  if (keyUsage && !mayDo) {
    const what = index === 0 ? 'signatures' : 'signing certificates';
    findings.push(error('CERT_E_WRONG_USAGE', `the key usage of ${name} leaves out ${what}`));
  }
  const unknown = [...critical].filter((oid) => !understood.has(oid));
  if (unknown.length > 0) {
    const detail = `${name} has critical extensions that are not understood: ${unknown.join(', ')}`;
    findings.push(error('CERT_E_CRITICAL', detail));
  }
  if (!isWhole) findings.push(error('CERT_E_MALFORMED', `the extensions of ${name} break off`));
  return findings;
}

/** Self-issued certificates (a change of keys) do not count towards the path length. Source: RFC 5280 §6.1.4 (l), (m). */
function authorityFindings(certificates: readonly Certificate[], index: number): Finding[] {
  const { facts, extensions } = certificates[index] as Certificate;
  const { basicConstraints } = extensions;
  if (!basicConstraints?.isAuthority) {
    const detail = `${facts.name} is no certification authority`;
    return [error('TRUST_E_BASIC_CONSTRAINTS', detail)];
  }
  const below = certificates
    .slice(1, index)
    .filter((certificate) => certificate.facts.subject !== certificate.facts.issuer).length;
  const { pathLength } = basicConstraints;
  if (pathLength === undefined || below <= pathLength) return [];
  const detail = `${facts.name} allows ${pathLength} authorities below it, there are ${below}`;
  return [error('TRUST_E_BASIC_CONSTRAINTS', detail)];
}

function brokenLink({ facts }: Certificate): Finding {
  const detail = `${facts.issuerName} did not make the signature under the certificate of ${facts.name}`;
  return error('TRUST_E_CERT_SIGNATURE', detail);
}

function endFindings(
  last: Certificate,
  { certificates, end }: ChainPath,
  roots: RootSet | undefined,
  purpose: ChainPurpose,
): Finding[] {
  const { name, issuerName, sha1 } = last.facts;
  if (end === 'trusted-root')
    return [
      ...restrictionFindings(last, certificates[0] ?? last, roots?.restrictionOf(last), purpose),
      ...programmeFindings(last, roots),
    ];
  if (!purpose.endIsJudged) return [];
  switch (end) {
    case 'unknown-root': {
      const what = certificates.length === 1 ? 'signed itself and is' : 'is a root, but';
      const detail = `${name} (${sha1}) ${what} none of the trusted ones`;
      return [error('CERT_E_UNTRUSTEDROOT', detail)];
    }
    case 'missing-issuer': {
      const [url] = last.extensions.caIssuerUrls;
      const where =
        url === undefined ? 'it names no address' : `Windows could fetch it from ${url}`;
      const detail = `the certificate of ${issuerName}, which issued ${name}, is not at hand: ${where}`;
      return [error('CERT_E_CHAINING', detail)];
    }
    case 'too-long':
      return [
        error('CERT_E_CHAINING', `no root after ${certificates.length} certificates: ${name}`),
      ];
  }
}

/** Windows trusts it all the same: whoever may write to the machine's store can plant a root. */
function programmeFindings(root: Certificate, roots: RootSet | undefined): Finding[] {
  if (!roots?.isOutsideProgramme?.(root)) return [];
  const { name, sha1 } = root.facts;
  const detail = `${name} (${sha1}) is trusted by this machine, but not in Microsoft's root programme`;
  return [{ code: 'ROOT_OUTSIDE_PROGRAMME', level: 'warning', detail }];
}

function allowsAny(extendedKeyUsage: ReadonlySet<string>): boolean {
  return extendedKeyUsage.has(OID.anyExtendedKeyUsage);
}

function error(code: string, detail: string): Finding {
  return { code, level: 'error', detail };
}
