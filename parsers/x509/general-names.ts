import type { DerElement, DerReader } from '../der/der-reader.ts';
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
    const fullName = point.children.optional(DISTRIBUTION_POINT)?.children.optional(FULL_NAME);
    if (fullName) urls.push(...textsTagged(URI, fullName));
    if (urls.length > MAX_NAMES)
      throw point.error('too-many', `more than ${MAX_NAMES} CRL addresses`);
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
