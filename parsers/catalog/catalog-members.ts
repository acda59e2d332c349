import { parseSpcIndirectData } from '../authenticode/spc-indirect-data.ts';
import { toHex } from '../bytes/hex.ts';
import { ParseError } from '../bytes/parse-error.ts';
import { parseContentInfo } from '../cms/content-info.ts';
import { type DerElement, readDer } from '../der/der-reader.ts';
import { readOid } from '../der/oid.ts';
import { OID } from '../der/oids.ts';
import { TAG } from '../der/tags.ts';

/** The largest catalogs of Windows list some 40,000 files. */
const MAX_MEMBERS = 250_000;
const MAX_ATTRIBUTES = 64;
/** Octets of SHA-1, SHA-256, SHA-384, SHA-512. */
const DIGEST_SIZES = new Set([20, 32, 48, 64]);

/**
 * The digests of the files that a catalog signs, in lower-case hex. Their length tells the algorithm.
 *
 * A member's digest is in its SpcIndirectDataContent: the image digest of a PE file, the plain digest of any other. Members of
 * newer catalogs (subject algorithm 1.3.6.1.4.1.311.12.1.3) may have no attribute but their tag, which then is the digest;
 * the tag of older ones is text. Members that have neither are passed over.
 *
 * Source: CTL_INFO of wincrypt.h and the attributes in mscat.h of the Windows SDK; the structure is in [MS-CAESO], "Certificate Trust Lists".
 */
export function* readCatalogMembers(bytes: Uint8Array): Generator<string> {
  const { content, contentType } = parseContentInfo(readDer(bytes).next());
  if (contentType !== OID.certificateTrustList || content === undefined)
    throw new ParseError('unsupported', 0, `content type ${contentType} is no catalog`);
  const { subjects, tagIsDigest } = readTrustList(content);
  let count = 0;
  for (const subject of subjects.children.rest()) {
    if (++count > MAX_MEMBERS)
      throw subject.error('too-many', `more than ${MAX_MEMBERS} members in a catalog`);
    const digest = memberDigest(subject, tagIsDigest);
    if (digest !== undefined) yield digest;
  }
}

/** CertificateTrustList ::= SEQUENCE { version, usage, listIdentifier, sequenceNumber, times, subjectAlgorithm, subjects }. */
function readTrustList(content: DerElement): { subjects: DerElement; tagIsDigest: boolean } {
  const fields = content.children;
  fields.optional(TAG.integer); // version
  fields.read(TAG.sequence, 'CertificateTrustList.subjectUsage');
  fields.optional(TAG.octetString); // listIdentifier
  fields.optional(TAG.integer); // sequenceNumber
  for (let times = 0; times < 2; times++)
    fields.optional(TAG.utcTime) ?? fields.optional(TAG.generalizedTime);
  const algorithm = fields.read(TAG.sequence, 'CertificateTrustList.subjectAlgorithm').children;
  const tagIsDigest = readOid(algorithm, 'subjectAlgorithm') === OID.catalogListMember2;
  const subjects = fields.read(TAG.sequence, 'CertificateTrustList.trustedSubjects');
  return { subjects, tagIsDigest };
}

/** Each member is read by a reader of its own: the bound on elements is for one member, that on members for the list. */
function memberDigest(subject: DerElement, tagIsDigest: boolean): string | undefined {
  const fields = readDer(subject.encoded, subject.offset).next().children;
  const tag = fields.read(TAG.octetString, 'TrustedSubject.subjectIdentifier').content;
  const attributes = fields.optional(TAG.set);
  let count = 0;
  for (const attribute of attributes?.children.rest() ?? []) {
    if (++count > MAX_ATTRIBUTES)
      throw attribute.error('too-many', `more than ${MAX_ATTRIBUTES} attributes of a member`);
    const parts = attribute.children;
    if (readOid(parts, 'Attribute.attrType') !== OID.spcIndirectData) continue;
    const value = parts.read(TAG.set, 'Attribute.attrValues').children.next();
    return digestHex(parseSpcIndirectData(value).digest);
  }
  return tagIsDigest ? digestHex(tag) : undefined;
}

function digestHex(bytes: Uint8Array): string | undefined {
  return DIGEST_SIZES.has(bytes.length) ? toHex(bytes) : undefined;
}
