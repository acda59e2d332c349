import { type DerElement, type DerReader, readDer } from '../der/der-reader.ts';
import { integerHex } from '../der/integer.ts';
import { readOid } from '../der/oid.ts';
import { OID } from '../der/oids.ts';
import { contextTag, primitiveContextTag, TAG } from '../der/tags.ts';
import { decodeTime } from '../der/times.ts';
import { type CertificateSignature, readCertificateSignature } from './certificate.ts';
import { fullNameUrls } from './general-names.ts';

/** One entry of a list. */
export interface RevokedCertificate {
  /** ISO 8601, UTC. */
  readonly date: string;
  /** The name in CRLReason; undefined where none is given. */
  readonly reason: string | undefined;
}

/** A certificate revocation list, its signature unverified. */
export interface Crl {
  /** The whole Name element. */
  readonly issuer: Uint8Array;
  /** Milliseconds since 1970; the second is Infinity where the list names no end. */
  readonly thisUpdateMs: number;
  readonly nextUpdateMs: number;
  /** By serial number as in CertificateFacts. */
  readonly revoked: ReadonlyMap<string, RevokedCertificate>;
  /** Which certificates of the issuer it is about. */
  readonly scope: 'all' | 'users' | 'authorities' | 'attributes';
  /** False for a delta, for a list of some reasons only, and where a critical extension is not understood. */
  readonly isComplete: boolean;
  /** Made by another than the issuer of the certificates in it. */
  readonly isIndirect: boolean;
  /** Of its distribution point: it covers certificates that name one of them. Empty: no such limit. */
  readonly urls: readonly string[];
  readonly signedBytes: Uint8Array;
  readonly signature: CertificateSignature;
}

const ENUMERATED = 0x0a;
/** By number. 7 is not used. Source: RFC 5280 §5.3.1. */
const reasons = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const;

/** Lists of large authorities have 100,000 entries, each of some 8 elements. */
const MAX_ELEMENTS = 8_000_000;

/** Reads a CertificateList in DER. Throws ParseError. Source: RFC 5280 §5.1, §5.2. */
export function parseCrl(bytes: Uint8Array): Crl {
  const list = readDer(bytes, 0, MAX_ELEMENTS).read(TAG.sequence, 'CertificateList').children;
  const tbsCertList = list.read(TAG.sequence, 'TBSCertList');
  const signature = readCertificateSignature(list);

  const tbs = tbsCertList.children;
  tbs.optional(TAG.integer); // version
  tbs.read(TAG.sequence, 'signature');
  const issuer = tbs.read(TAG.sequence, 'issuer').encoded;
  const thisUpdateMs = Date.parse(decodeTime(tbs.next()));
  const nextUpdate = tbs.optional(TAG.utcTime) ?? tbs.optional(TAG.generalizedTime);
  const revoked = readEntries(tbs.optional(TAG.sequence));
  return {
    issuer,
    thisUpdateMs,
    nextUpdateMs: nextUpdate ? Date.parse(decodeTime(nextUpdate)) : Number.POSITIVE_INFINITY,
    ...readScope(tbs.optional(contextTag(0))),
    revoked,
    signedBytes: tbsCertList.encoded,
    signature,
  };
}

function readEntries(list: DerElement | undefined): Map<string, RevokedCertificate> {
  const revoked = new Map<string, RevokedCertificate>();
  if (list === undefined) return revoked;
  for (const entry of list.children.rest()) {
    const fields = entry.children;
    const serial = integerHex(fields.read(TAG.integer, 'userCertificate'));
    const date = decodeTime(fields.next());
    const reason = fields.done ? undefined : readReason(fields.read(TAG.sequence, 'Extensions'));
    // An entry in a delta that lifts a suspension.
    if (reason === 'removeFromCRL') revoked.delete(serial);
    else revoked.set(serial, { date, reason });
  }
  return revoked;
}

function readReason(extensions: DerElement): string | undefined {
  for (const { oid, value } of readExtensions(extensions.children)) {
    if (oid !== OID.crlReason) continue;
    const octets = value.read(ENUMERATED, 'CRLReason').content;
    return reasons[octets[0] ?? 0] ?? `${octets[0]}`;
  }
  return undefined;
}

type Scope = Pick<Crl, 'scope' | 'isComplete' | 'isIndirect' | 'urls'>;

function readScope(wrapper: DerElement | undefined): Scope {
  let scope: Scope = { scope: 'all', isComplete: true, isIndirect: false, urls: [] };
  if (wrapper === undefined) return scope;
  const extensions = wrapper.children.read(TAG.sequence, 'crlExtensions').children;
  for (const { oid, isCritical, value } of readExtensions(extensions)) {
    if (oid === OID.issuingDistributionPoint)
      scope = withDistributionPoint(scope, value.read(TAG.sequence, 'IssuingDistributionPoint'));
    else if (isCritical) scope = { ...scope, isComplete: false }; // a delta, or what we do not know
  }
  return scope;
}

/** Source: RFC 5280 §5.2.5. */
function withDistributionPoint(scope: Scope, point: DerElement): Scope {
  let found = scope;
  for (const field of point.children.rest()) {
    const { tag, content } = field;
    const isSet = content[0] !== 0;
    if (tag === contextTag(0)) found = { ...found, urls: fullNameUrls(field) };
    if (tag === primitiveContextTag(1) && isSet) found = { ...found, scope: 'users' };
    if (tag === primitiveContextTag(2) && isSet) found = { ...found, scope: 'authorities' };
    if (tag === primitiveContextTag(3)) found = { ...found, isComplete: false };
    if (tag === primitiveContextTag(4) && isSet) found = { ...found, isIndirect: true };
    if (tag === primitiveContextTag(5) && isSet) found = { ...found, scope: 'attributes' };
  }
  return found;
}

interface Extension {
  readonly oid: string;
  readonly isCritical: boolean;
  readonly value: DerReader;
}

function* readExtensions(extensions: DerReader): Generator<Extension> {
  for (const extension of extensions.rest()) {
    const fields = extension.children;
    const oid = readOid(fields, 'Extension.extnID');
    const isCritical = (fields.optional(TAG.boolean)?.content[0] ?? 0) !== 0;
    const value = fields.read(TAG.octetString, 'Extension.extnValue');
    yield { oid, isCritical, value: readDer(value.content, value.contentOffset) };
  }
}
