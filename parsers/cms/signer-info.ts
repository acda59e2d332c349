import type { DerElement, DerReader } from '../der/der-reader.ts';
import { contextTag, primitiveContextTag, TAG } from '../der/tags.ts';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts';
import { type Attribute, readAttributes } from './attribute.ts';

/** Which certificate signed. Issuer and serial number are compared as DER: real serial numbers can be negative. */
export type SignerIdentifier =
  | {
      readonly kind: 'issuer-and-serial';
      /** The whole Name element. */
      readonly issuer: Uint8Array;
      /** Content octets of the INTEGER. */
      readonly serialNumber: Uint8Array;
    }
  | { readonly kind: 'subject-key-identifier'; readonly keyIdentifier: Uint8Array };

/** One signature over one content. A PKCS#9 countersignature is one, too. */
export interface SignerInfo {
  /** File offset, for messages. */
  readonly offset: number;
  readonly signer: SignerIdentifier;
  readonly digestAlgorithm: AlgorithmIdentifier;
  /** undefined where the signature covers the content itself. */
  readonly signedAttributes: SignedAttributes | undefined;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly unsignedAttributes: readonly Attribute[];
}

export interface SignedAttributes {
  readonly attributes: readonly Attribute[];
  /** As in the file, under the tag [0]; see signedAttributesToVerify. */
  readonly encoded: Uint8Array;
}

/** Source: RFC 5652 §5.3. */
export function parseSignerInfo(element: DerElement): SignerInfo {
  if (element.tag !== TAG.sequence)
    throw element.error('bad-value', 'SignerInfo: SEQUENCE expected');
  const fields = element.children;
  fields.read(TAG.integer, 'SignerInfo.version');
  const signer = readSignerIdentifier(fields);
  const digestAlgorithm = readAlgorithmIdentifier(fields, 'SignerInfo.digestAlgorithm');
  const signedAttrs = fields.optional(contextTag(0));
  const signatureAlgorithm = readAlgorithmIdentifier(fields, 'SignerInfo.signatureAlgorithm');
  const signature = fields.read(TAG.octetString, 'SignerInfo.signature').content;
  const unsignedAttrs = fields.optional(contextTag(1));
  return {
    offset: element.offset,
    signer,
    digestAlgorithm,
    signedAttributes: signedAttrs && {
      attributes: readAttributes(signedAttrs.children),
      encoded: signedAttrs.encoded,
    },
    signatureAlgorithm,
    signature,
    unsignedAttributes: unsignedAttrs ? readAttributes(unsignedAttrs.children) : [],
  };
}

/**
 * The bytes a signer signs when signed attributes are present.
 *
 * In the file they carry the IMPLICIT [0] tag (0xA0). The signature covers the same bytes under the SET OF tag (0x31).
 * Source: RFC 5652 §5.4.
 */
export function signedAttributesToVerify({ encoded }: SignedAttributes): Uint8Array {
  const bytes = Uint8Array.from(encoded); // a copy: the input is a view of the file
  bytes[0] = TAG.set;
  return bytes;
}

function readSignerIdentifier(fields: DerReader): SignerIdentifier {
  const keyIdentifier = fields.optional(primitiveContextTag(0));
  if (keyIdentifier)
    return { kind: 'subject-key-identifier', keyIdentifier: keyIdentifier.content };
  const issuerAndSerial = fields.read(TAG.sequence, 'IssuerAndSerialNumber').children;
  const issuer = issuerAndSerial.read(TAG.sequence, 'issuer').encoded;
  const serialNumber = issuerAndSerial.read(TAG.integer, 'serialNumber').content;
  return { kind: 'issuer-and-serial', issuer, serialNumber };
}
