import { hash } from 'node:crypto';
import {
  contextConstructed,
  integer,
  objectIdentifier,
  octetString,
  retag,
  sequence,
  setOf,
  tlv,
} from '../../../build/fixtures/der.ts';

/** A SignerInfo whose every part a test can get wrong. Unset parts are those of a sound SHA-256 signature. */
export interface SignerInfoParts {
  readonly signer?: Uint8Array;
  readonly digestOid?: string;
  readonly digest?: string;
  readonly content: Uint8Array;
  /** null: no signed attributes, the signature covers the content. */
  readonly signedAttributes?: readonly Uint8Array[] | null;
  readonly signatureAlgorithm: Uint8Array;
  readonly sign: (signed: Uint8Array) => Uint8Array;
  readonly unsignedAttributes?: readonly Uint8Array[];
}

export const issuerName = sequence(
  setOf(sequence(objectIdentifier('2.5.4.3'), tlv(0x0c, Buffer.from('Issuer')))),
);
export const issuerAndSerial = sequence(issuerName, integer('8db7'));

export function attributeOf(oid: string, ...values: readonly Uint8Array[]): Uint8Array {
  return sequence(objectIdentifier(oid), setOf(...values));
}

export function messageDigestOf(content: Uint8Array, digest = 'sha256'): Uint8Array {
  const value = octetString(Buffer.from(hash(digest, content), 'hex'));
  return attributeOf('1.2.840.113549.1.9.4', value);
}

export function buildSignerInfo({
  signer = issuerAndSerial,
  digestOid = '2.16.840.1.101.3.4.2.1',
  digest = 'sha256',
  content,
  signedAttributes = [messageDigestOf(content, digest)],
  signatureAlgorithm,
  sign,
  unsignedAttributes,
}: SignerInfoParts): Uint8Array {
  const attributes = signedAttributes && setOf(...signedAttributes);
  return sequence(
    integer('01'),
    signer,
    sequence(objectIdentifier(digestOid)),
    ...(attributes ? [retag(0xa0, attributes)] : []),
    signatureAlgorithm,
    octetString(sign(attributes ?? content)),
    ...(unsignedAttributes ? [contextConstructed(1, ...unsignedAttributes)] : []),
  );
}
