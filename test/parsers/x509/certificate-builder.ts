import { generateKeyPairSync } from 'node:crypto';
import {
  contextConstructed,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  tlv,
  utcTime,
} from '../../../build/fixtures/der.ts';
import { TAG } from '../../../parsers/der/tags.ts';

/** Names are given as [identifier, value TLV] in the order of the file, one attribute to each relative name. */
export interface CertificateParts {
  readonly serial?: string;
  readonly subject?: Uint8Array;
  readonly issuer?: Uint8Array;
  readonly extensions?: readonly Uint8Array[];
  readonly publicKeyInfo?: Uint8Array;
}

export function utf8(text: string): Uint8Array {
  return tlv(TAG.utf8String, Buffer.from(text));
}

export function nameOf(
  ...attributes: readonly (readonly [oid: string, value: Uint8Array])[]
): Uint8Array {
  return sequence(
    ...attributes.map(([oid, value]) => setOf(sequence(objectIdentifier(oid), value))),
  );
}

export function extensionOf(oid: string, value: Uint8Array): Uint8Array {
  return sequence(objectIdentifier(oid), octetString(value));
}

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
/** The key that `spki` is the public half of. */
export const signingKey = privateKey;
export const spki: Uint8Array = publicKey.export({ format: 'der', type: 'spki' });

/** A certificate with everything that the reader looks at. Its signature is not one. */
export function buildCertificate({
  serial = '0b4a',
  subject = nameOf(['2.5.4.3', utf8('Subject')]),
  issuer = nameOf(['2.5.4.3', utf8('Issuer')]),
  extensions = [],
  publicKeyInfo = spki,
}: CertificateParts = {}): Uint8Array {
  const algorithm = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
  const tbs = sequence(
    contextConstructed(0, integer('02')),
    integer(serial),
    algorithm,
    issuer,
    sequence(utcTime('2017-05-01T00:00:00Z'), utcTime('2019-05-01T23:59:59Z')),
    subject,
    publicKeyInfo,
    contextConstructed(3, sequence(...extensions)),
  );
  return sequence(tbs, algorithm, tlv(TAG.bitString, Uint8Array.of(0)));
}
