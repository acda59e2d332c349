import { equalBytes } from '../bytes/equal-bytes.ts';
import { ParseError } from '../bytes/parse-error.ts';
import type { SignerIdentifier } from '../cms/signer-info.ts';
import type { DerElement } from '../der/der-reader.ts';
import { contextTag, TAG, tagName } from '../der/tags.ts';
import type { Certificate } from './certificate.ts';
import { certificateOf } from './certificate-cache.ts';

/** The certificates that came with a SignedData, and the problems of those that could not be read. */
export interface CertificateBag {
  readonly certificates: readonly Certificate[];
  /** Offsets are file offsets. */
  readonly problems: readonly ParseError[];
}

/**
 * Attribute certificates and other formats among the CertificateChoices. Tokens of Microsoft's time stamping service hold
 * one; they never sign anything here. Source: RFC 5652 §10.2.2.
 */
const otherChoices = new Set([0, 1, 2, 3].map(contextTag));

/** Reads the X.509 certificates among the CertificateChoices. One that is malformed costs only itself. */
export function readCertificateBag(elements: readonly DerElement[]): CertificateBag {
  const certificates: Certificate[] = [];
  const problems: ParseError[] = [];
  for (const element of elements) {
    if (otherChoices.has(element.tag)) continue;
    if (element.tag !== TAG.sequence) {
      problems.push(element.error('bad-value', `${tagName(element.tag)} is no certificate`));
      continue;
    }
    try {
      const certificate = certificateOf(element.encoded);
      certificates.push(certificate);
      problems.push(...certificate.extensions.problems.map((problem) => inFile(problem, element)));
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      problems.push(inFile(error, element));
    }
  }
  return { certificates, problems };
}

/** The certificate that a SignerInfo names. Issuer and serial number are compared as DER. Source: RFC 5652 §5.3. */
export function findSigner(
  certificates: readonly Certificate[],
  signer: SignerIdentifier,
): Certificate | undefined {
  if (signer.kind === 'issuer-and-serial')
    return certificates.find(
      ({ issuer, serialNumber }) =>
        equalBytes(serialNumber, signer.serialNumber) && equalBytes(issuer, signer.issuer),
    );
  return certificates.find(({ extensions: { subjectKeyIdentifier } }) => {
    return subjectKeyIdentifier && equalBytes(subjectKeyIdentifier, signer.keyIdentifier);
  });
}

/**
 * The certificate that issued `certificate`, by name. Where several have the name (cross-certificates), the one whose
 * key identifier is the one asked for. No signature is checked here. Source: RFC 5280 §4.2.1.1, §6.1.
 */
export function findIssuer(
  certificates: readonly Certificate[],
  { issuer, extensions: { authorityKeyIdentifier } }: Certificate,
): Certificate | undefined {
  const candidates = certificates.filter(({ subject }) => equalBytes(subject, issuer));
  const byKey = candidates.find(({ extensions: { subjectKeyIdentifier } }) => {
    if (!authorityKeyIdentifier || !subjectKeyIdentifier) return false;
    return equalBytes(authorityKeyIdentifier, subjectKeyIdentifier);
  });
  return byKey ?? candidates[0];
}

function inFile({ code, offset, message }: ParseError, certificate: DerElement): ParseError {
  return new ParseError(code, certificate.offset + offset, message);
}
