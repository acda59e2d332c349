import type { DerElement, DerReader } from '../der/der-reader.ts';
import { readOid } from '../der/oid.ts';
import { contextTag, TAG } from '../der/tags.ts';
import { parseSignerInfo, type SignerInfo } from './signer-info.ts';

/** What is signed, by whom, and the certificates that came along. */
export interface SignedData {
  /** eContentType. */
  readonly contentType: string;
  /** The element inside eContent's [0]: an OCTET STRING in CMS, a SEQUENCE in Authenticode. undefined when detached. */
  readonly content: DerElement | undefined;
  /** Every CertificateChoices, X.509 (SEQUENCE) or not, undecoded. */
  readonly certificates: readonly DerElement[];
  /** Authenticode and RFC 3161 have exactly one. */
  readonly signerInfos: readonly SignerInfo[];
}

/** Real signatures carry up to 6 certificates. */
const MAX_CERTIFICATES = 256;
const MAX_SIGNER_INFOS = 16;

/**
 * Reads a SignedData in either of its forms: PKCS#7 1.5 puts any type into the content's [0], CMS an OCTET STRING.
 * The list of digest algorithms is not kept: each SignerInfo names its own.
 * Source: RFC 5652 §5.1; RFC 2315 §9.1.
 */
export function parseSignedData(element: DerElement): SignedData {
  const fields = element.children;
  fields.read(TAG.integer, 'SignedData.version');
  fields.read(TAG.set, 'SignedData.digestAlgorithms');
  const encapsulated = fields.read(TAG.sequence, 'SignedData.encapContentInfo').children;
  const contentType = readOid(encapsulated, 'eContentType');
  const content = encapsulated.optional(contextTag(0))?.children;

  const certificates = readCertificates(fields.optional(contextTag(0)));
  fields.optional(contextTag(1)); // crls
  const signerInfos = readSignerInfos(fields.read(TAG.set, 'SignedData.signerInfos').children);
  return {
    contentType,
    content: content === undefined || content.done ? undefined : content.next(),
    certificates,
    signerInfos,
  };
}

function readCertificates(set: DerElement | undefined): DerElement[] {
  const certificates: DerElement[] = [];
  if (set === undefined) return certificates;
  for (const certificate of set.children.rest()) {
    if (certificates.length === MAX_CERTIFICATES)
      throw certificate.error('too-many', `more than ${MAX_CERTIFICATES} certificates`);
    certificates.push(certificate);
  }
  return certificates;
}

function readSignerInfos(set: DerReader): SignerInfo[] {
  const signerInfos: SignerInfo[] = [];
  for (const element of set.rest()) {
    if (signerInfos.length === MAX_SIGNER_INFOS)
      throw element.error('too-many', `more than ${MAX_SIGNER_INFOS} SignerInfos`);
    signerInfos.push(parseSignerInfo(element));
  }
  return signerInfos;
}
