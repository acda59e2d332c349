import { toHex } from '../bytes/hex.ts';
import { ParseError } from '../bytes/parse-error.ts';
import { parseContentInfo } from '../cms/content-info.ts';
import { type DerElement, type DerReader, readDer } from '../der/der-reader.ts';
import { readOid } from '../der/oid.ts';
import { OID } from '../der/oids.ts';
import { TAG } from '../der/tags.ts';
import { decodeTime } from '../der/times.ts';
import type { RootRestriction } from './root-restrictions.ts';
import { parseExtendedKeyUsage } from './usage-extensions.ts';

/** The list of a root programme: authroot.stl. It names the roots and what each may do, but does not hold them. */
export interface RootTrustList {
  /** ISO 8601: when the list was made. */
  readonly thisUpdate: string;
  /** By SHA-1 thumbprint, lower-case hex. */
  readonly roots: ReadonlyMap<string, RootRestriction>;
}

/** szOID_ROOT_LIST_SIGNER, the usage of authroot.stl. disallowedcert.stl has another and lists what must not be trusted. */
const ROOT_LIST = '1.3.6.1.4.1.311.10.3.9';
/** Properties of a listed certificate are attributes below this identifier. */
const PROPERTY = '1.3.6.1.4.1.311.10.11.';
/** Source: wincrypt.h, CERT_ENHKEY_USAGE_PROP_ID and following. */
const PROPERTY_ID = {
  usages: 9,
  disallowedFiletime: 104,
  disallowedUsages: 122,
  notBeforeFiletime: 126,
  notBeforeUsages: 127,
} as const;

const usageNames = new Map<string, string>([
  [OID.serverAuth, 'server_auth'],
  ['1.3.6.1.5.5.7.3.2', 'client_auth'],
  [OID.codeSigning, 'code_signing'],
  ['1.3.6.1.5.5.7.3.4', 'email_protection'],
  [OID.timeStamping, 'time_stamping'],
]);

/** The programme lists some 450 roots. */
const MAX_ROOTS = 10_000;
const MAX_ATTRIBUTES = 64;
const SHA1_SIZE = 20;
/** Milliseconds from 1601, where a FILETIME begins, to 1970. */
const FILETIME_EPOCH_MS = 11_644_473_600_000n;
const BEGINNING_OF_TIME = '1601-01-01T00:00:00Z';

/**
 * Reads authroot.stl: a SignedData over a CertificateTrustList. Its signature is not verified here. Throws ParseError also
 * for a limit that it does not understand: overlooked, it would trust too much.
 *
 * Source: CTL_INFO in wincrypt.h and [MS-CAESO], "Certificate Trust Lists", for the structure; Microsoft, "Trusted Root
 * Certificate Program: deprecation" for what the dates mean.
 */
export function parseRootTrustList(bytes: Uint8Array): RootTrustList {
  const { content, contentType } = parseContentInfo(readDer(bytes).next());
  if (contentType !== OID.certificateTrustList || content === undefined)
    throw new ParseError(
      'unsupported',
      0,
      `content type ${contentType} is no certificate trust list`,
    );
  const fields = content.children;
  fields.optional(TAG.integer); // version
  const usage = fields.read(TAG.sequence, 'CertificateTrustList.subjectUsage');
  if (readOid(usage.children, 'subjectUsage') !== ROOT_LIST)
    throw usage.error('unsupported', 'a trust list of another purpose than trusted roots');
  fields.optional(TAG.octetString); // listIdentifier
  fields.optional(TAG.integer); // sequenceNumber
  const thisUpdate = decodeTime(fields.next());
  fields.optional(TAG.utcTime) ?? fields.optional(TAG.generalizedTime); // ctlNextUpdate
  fields.read(TAG.sequence, 'CertificateTrustList.subjectAlgorithm');
  const subjects = fields.read(TAG.sequence, 'CertificateTrustList.trustedSubjects');
  return { thisUpdate, roots: readSubjects(subjects) };
}

function readSubjects(subjects: DerElement): Map<string, RootRestriction> {
  const roots = new Map<string, RootRestriction>();
  for (const subject of subjects.children.rest()) {
    if (roots.size === MAX_ROOTS) throw subject.error('too-many', `more than ${MAX_ROOTS} roots`);
    const fields = subject.children;
    const identifier = fields.read(TAG.octetString, 'TrustedSubject.subjectIdentifier');
    if (identifier.content.length !== SHA1_SIZE)
      throw identifier.error('unsupported', 'a root that is not named by its SHA-1 thumbprint');
    roots.set(toHex(identifier.content), toRestriction(readProperties(fields)));
  }
  return roots;
}

/** The values of the properties, each in an OCTET STRING, by their number. */
function readProperties(fields: DerReader): Map<number, DerElement> {
  const properties = new Map<number, DerElement>();
  let count = 0;
  for (const attribute of fields.optional(TAG.set)?.children.rest() ?? []) {
    if (++count > MAX_ATTRIBUTES)
      throw attribute.error('too-many', `more than ${MAX_ATTRIBUTES} attributes of a root`);
    const parts = attribute.children;
    const type = readOid(parts, 'Attribute.attrType');
    if (!type.startsWith(PROPERTY)) continue;
    const values = parts.read(TAG.set, 'Attribute.attrValues').children;
    const value = values.read(TAG.octetString, 'Attribute.attrValues');
    properties.set(Number(type.slice(PROPERTY.length)), value);
  }
  return properties;
}

/** Usages that have lost their trust without a date, or are cut off by notBefore without one, have it at no time. */
function toRestriction(properties: ReadonlyMap<number, DerElement>): RootRestriction {
  const usagesOf = (id: number) => optional(properties.get(id), readUsages);
  const timeOf = (id: number) => optional(properties.get(id), readFiletime);
  const usages = usagesOf(PROPERTY_ID.usages);
  const notBeforeUsages = usagesOf(PROPERTY_ID.notBeforeUsages);
  const notBefore = timeOf(PROPERTY_ID.notBeforeFiletime) ?? (notBeforeUsages && BEGINNING_OF_TIME);
  const disallowedUsages = usagesOf(PROPERTY_ID.disallowedUsages);
  const disallowedFrom = timeOf(PROPERTY_ID.disallowedFiletime);
  return {
    ...(usages && { usages }),
    ...(notBefore && { notBefore }),
    ...(notBeforeUsages && { notBeforeUsages }),
    ...(disallowedFrom && { disallowedFrom }),
    ...(disallowedUsages && { disallowedUsages }),
  };
}

/** As root restrictions name them; a dotted identifier where they have no name. */
function readUsages({ content, contentOffset }: DerElement): string[] {
  const oids = parseExtendedKeyUsage(readDer(content, contentOffset));
  return [...oids].map((oid) => usageNames.get(oid) ?? oid);
}

/** Ticks of 100 ns since 1601, little-endian. Source: FILETIME in minwinbase.h. */
function readFiletime(value: DerElement): string {
  const { content } = value;
  if (content.length !== 8)
    throw value.error('bad-length', `a FILETIME of ${content.length} octets`);
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const ms = Number(view.getBigUint64(0, true) / 10_000n - FILETIME_EPOCH_MS);
  if (ms >= Date.UTC(10_000, 0, 1)) throw value.error('bad-value', 'a FILETIME past the year 9999');
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

function optional<Value>(
  element: DerElement | undefined,
  read: (element: DerElement) => Value,
): Value | undefined {
  return element && read(element);
}
