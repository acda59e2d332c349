import { hash } from 'node:crypto';
import {
  contextConstructed,
  generalizedTime,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  tlv,
  utcTime,
} from '../../../build/fixtures/der.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { TAG } from '../../../parsers/der/tags.ts';
import { attributeOf, buildSignerInfo, messageDigestOf } from '../cms/signer-info-builder.ts';
import { ecdsaSha256, type Issued } from '../x509/test-authority.ts';

export interface TimestampParts {
  readonly kind: 'pkcs9' | 'rfc3161';
  readonly by: Issued;
  /** ISO 8601, whole seconds, UTC. */
  readonly time: string;
  /** What it is about, where that is not the signature's own value. */
  readonly covers?: Uint8Array;
  /** What the time stamper's key signs, where that is not what it should. */
  readonly signs?: Uint8Array;
}

/** The unsigned attribute that countersigns `signatureValue`. */
export function timestampAttribute(
  { kind, by, time, covers, signs }: TimestampParts,
  signatureValue: Uint8Array,
): Uint8Array {
  const value = covers ?? signatureValue;
  const sign = (bytes: Uint8Array) => ecdsaSha256.sign(signs ?? bytes, by.key);
  return kind === 'pkcs9'
    ? attributeOf(OID.counterSignature, countersign(by, value, time, sign))
    : attributeOf(OID.rfc3161Timestamp, token(by, value, time, sign));
}

/** IssuerAndSerialNumber of a certificate. */
export function identifierOf({ certificate }: Issued): Uint8Array {
  return sequence(certificate.issuer, tlv(TAG.integer, certificate.serialNumber));
}

function countersign(
  by: Issued,
  content: Uint8Array,
  time: string | undefined,
  sign: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  const signingTime = time === undefined ? [] : [attributeOf(OID.signingTime, utcTime(time))];
  return buildSignerInfo({
    signer: identifierOf(by),
    content,
    signedAttributes: [messageDigestOf(content), ...signingTime],
    signatureAlgorithm: ecdsaSha256.identifier,
    sign,
  });
}

function token(
  by: Issued,
  value: Uint8Array,
  time: string,
  sign: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  const imprint = Buffer.from(hash('sha256', value), 'hex');
  const tstInfo = sequence(
    integer('01'),
    objectIdentifier('1.2.3'),
    sequence(sequence(objectIdentifier(OID.sha256)), octetString(imprint)),
    integer('05'),
    generalizedTime(time),
  );
  const signedData = sequence(
    integer('03'),
    setOf(),
    sequence(objectIdentifier(OID.tstInfo), contextConstructed(0, octetString(tstInfo))),
    contextConstructed(0, by.certificate.encoded),
    setOf(countersign(by, tstInfo, undefined, sign)),
  );
  return sequence(objectIdentifier(OID.signedData), contextConstructed(0, signedData));
}
