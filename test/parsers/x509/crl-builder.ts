import {
  contextConstructed,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  tlv,
  utcTime,
} from '../../../build/fixtures/der.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { TAG } from '../../../parsers/der/tags.ts';
import { type Crl, parseCrl } from '../../../parsers/x509/crl.ts';
import { bitString, ecdsaSha256, type Issued, type TestAlgorithm } from './test-authority.ts';

export interface CrlParts {
  readonly thisUpdate?: string;
  /** null: the list names no end. */
  readonly nextUpdate?: string | null;
  readonly revoked?: readonly RevokedParts[];
  readonly extensions?: readonly Uint8Array[];
  /** What the issuer signs with. */
  readonly algorithm?: TestAlgorithm;
}

export interface RevokedParts {
  readonly serial: string;
  readonly date?: string;
  /** The number of a CRLReason. */
  readonly reason?: number;
}

export function criticalExtension(oid: string, value: Uint8Array): Uint8Array {
  const critical = tlv(TAG.boolean, Uint8Array.of(0xff));
  return sequence(objectIdentifier(oid), critical, octetString(value));
}

/** The DER of a list that `issuer` made, current in 2026 by default. */
export function encodeCrl(issuer: Issued, parts: CrlParts = {}): Uint8Array {
  const { thisUpdate = '2026-01-01T00:00:00Z', nextUpdate = '2027-01-01T00:00:00Z' } = parts;
  const { revoked = [], extensions = [], algorithm = ecdsaSha256 } = parts;
  const tbs = sequence(
    integer('01'),
    algorithm.identifier,
    issuer.certificate.subject,
    utcTime(thisUpdate),
    ...(nextUpdate === null ? [] : [utcTime(nextUpdate)]),
    ...(revoked.length > 0 ? [sequence(...revoked.map(entryOf))] : []),
    ...(extensions.length > 0 ? [contextConstructed(0, sequence(...extensions))] : []),
  );
  return sequence(tbs, algorithm.identifier, bitString(algorithm.sign(tbs, issuer.key)));
}

export function issueCrl(issuer: Issued, parts: CrlParts = {}): Crl {
  return parseCrl(encodeCrl(issuer, parts));
}

function entryOf({ serial, date = '2020-05-01T00:00:00Z', reason }: RevokedParts): Uint8Array {
  const fields = [integer(serial), utcTime(date)];
  if (reason !== undefined) {
    const value = octetString(tlv(0x0a, Uint8Array.of(reason)));
    fields.push(sequence(sequence(objectIdentifier(OID.crlReason), value)));
  }
  return sequence(...fields);
}
