import { toHex } from '../bytes/hex.ts';
import type { DerElement } from '../der/der-reader.ts';
import { readOid } from '../der/oid.ts';
import { OID } from '../der/oids.ts';
import { decodeString } from '../der/strings.ts';
import { TAG } from '../der/tags.ts';

export interface NameAttribute {
  readonly type: string;
  /** `#` and the hex of the encoding where the value is no character string. */
  readonly value: string;
  readonly isText: boolean;
}

/** A distinguished name: relative names from the most general (country) on, each of one attribute or several. */
export interface Name {
  /** The whole Name element. Names are equal when these bytes are. */
  readonly encoded: Uint8Array;
  readonly relativeNames: readonly (readonly NameAttribute[])[];
}

/** Names in real certificates hold 1 to 10 attributes. */
const MAX_ATTRIBUTES = 128;

/** Source: RFC 5280 §4.1.2.4. */
export function parseName(element: DerElement): Name {
  let count = 0;
  const relativeNames: NameAttribute[][] = [];
  for (const set of element.children.rest()) {
    const attributes: NameAttribute[] = [];
    for (const attribute of set.children.rest()) {
      if (++count > MAX_ATTRIBUTES)
        throw attribute.error('too-many', `more than ${MAX_ATTRIBUTES} attributes in a Name`);
      attributes.push(parseNameAttribute(attribute));
    }
    relativeNames.push(attributes);
  }
  return { encoded: element.encoded, relativeNames };
}

/** The value of the first attribute of this type, from the front; undefined where there is none. */
export function firstValue({ relativeNames }: Name, type: string): string | undefined {
  for (const attributes of relativeNames)
    for (const attribute of attributes) if (attribute.type === type) return attribute.value;
  return undefined;
}

/**
 * `CN=GlavSoft LLC.,O=GlavSoft LLC.,C=RU`: most specific first, as RFC 4514 wants it. Attributes that it gives no
 * keyword have the usual one (E, SERIALNUMBER) or their dotted identifier, always with readable values.
 */
export function distinguishedName({ relativeNames }: Name): string {
  return relativeNames
    .toReversed()
    .map((attributes) => attributes.map(typeAndValue).join('+'))
    .join(',');
}

function typeAndValue({ type, value, isText }: NameAttribute): string {
  return `${keywords.get(type) ?? type}=${isText ? escapeValue(value) : value}`;
}

function parseNameAttribute(element: DerElement): NameAttribute {
  const fields = element.children;
  const type = readOid(fields, 'AttributeTypeAndValue.type');
  const value = fields.next();
  const isText = value.tag !== TAG.bitString && value.tag !== TAG.octetString;
  return { type, value: isText ? decodeString(value) : `#${toHex(value.encoded)}`, isText };
}

/** Source: RFC 4514 §2.4. */
function escapeValue(value: string): string {
  return value
    .replace(/["+,;<>\\]/g, '\\$&')
    .replaceAll('\0', '\\00')
    .replace(/ $/, '\\ ')
    .replace(/^[ #]/, '\\$&');
}

const keywords = new Map<string, string>([
  [OID.commonName, 'CN'],
  [OID.surname, 'SN'],
  [OID.serialNumber, 'SERIALNUMBER'],
  [OID.countryName, 'C'],
  [OID.localityName, 'L'],
  [OID.stateOrProvinceName, 'ST'],
  [OID.streetAddress, 'STREET'],
  [OID.organizationName, 'O'],
  [OID.organizationalUnitName, 'OU'],
  [OID.title, 'T'],
  [OID.givenName, 'G'],
  [OID.emailAddress, 'E'],
  [OID.domainComponent, 'DC'],
  [OID.userId, 'UID'],
]);
