import type { DerElement, DerReader } from '../der/der-reader.ts';
import { readOid } from '../der/oid.ts';
import { OID } from '../der/oids.ts';
import { latin1 } from '../der/strings.ts';
import { contextTag, primitiveContextTag, TAG } from '../der/tags.ts';

/** Tags of GeneralName, all IMPLICIT IA5String. */
const RFC822_NAME = primitiveContextTag(1);
const URI = primitiveContextTag(6);
/** DistributionPoint.distributionPoint and DistributionPointName.fullName. */
const DISTRIBUTION_POINT = contextTag(0);
const FULL_NAME = contextTag(0);

/** Real certificates have none to two of each. */
const MAX_NAMES = 64;

/** E-mail addresses in the value of SubjectAltName or IssuerAltName. Source: RFC 5280 §4.2.1.6. */
export function parseRfc822Names(value: DerReader): string[] {
  return textsTagged(RFC822_NAME, value.read(TAG.sequence, 'GeneralNames'));
}

/** Every URI in the value of CRLDistributionPoints, ldap ones too. Source: RFC 5280 §4.2.1.13. */
export function parseCrlUrls(value: DerReader): string[] {
  const urls: string[] = [];
  for (const point of value.read(TAG.sequence, 'CRLDistributionPoints').children.rest()) {
    const name = point.children.optional(DISTRIBUTION_POINT);
    if (name) urls.push(...fullNameUrls(name));
    if (urls.length > MAX_NAMES)
      throw point.error('too-many', `more than ${MAX_NAMES} CRL addresses`);
  }
  return urls;
}

/** The URIs of a DistributionPointName that stands in `wrapper`; none where it is relative to the issuer's name. */
export function fullNameUrls(wrapper: DerElement): string[] {
  const fullName = wrapper.children.optional(FULL_NAME);
  return fullName ? textsTagged(URI, fullName) : [];
}

/** Addresses of the issuer's certificate in the value of AuthorityInfoAccess. Source: RFC 5280 §4.2.2.1. */
export function parseCaIssuerUrls(value: DerReader): string[] {
  const urls: string[] = [];
  for (const description of value.read(TAG.sequence, 'AuthorityInfoAccess').children.rest()) {
    const fields = description.children;
    const method = readOid(fields, 'accessMethod');
    const location = fields.next();
    if (method === OID.caIssuers && location.tag === URI) urls.push(latin1(location.content));
    if (urls.length > MAX_NAMES)
      throw description.error('too-many', `more than ${MAX_NAMES} issuer addresses`);
  }
  return urls;
}

function textsTagged(tag: number, names: DerElement): string[] {
  const texts: string[] = [];
  for (const name of names.children.rest()) {
    if (texts.length > MAX_NAMES) throw name.error('too-many', `more than ${MAX_NAMES} names`);
    if (name.tag === tag) texts.push(latin1(name.content));
  }
  return texts;
}
