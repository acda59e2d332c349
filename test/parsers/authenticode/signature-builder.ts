import { hash, sign } from 'node:crypto';
import {
  contentOf,
  contextConstructed,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
} from '../../../build/fixtures/der.ts';
import { ByteReader } from '../../../parsers/bytes/byte-reader.ts';
import { OID } from '../../../parsers/der/oids.ts';
import {
  readWinCertificates,
  type WinCertificateTable,
} from '../../../parsers/pe/win-certificate.ts';
import {
  buildSignerInfo,
  issuerAndSerial,
  issuerName,
  messageDigestOf,
} from '../cms/signer-info-builder.ts';
import { buildCertificate, nameOf, signingKey, utf8 } from '../x509/certificate-builder.ts';

/** A signature whose every part a test can get wrong. Unset parts are those of a sound one by `Signer`. */
export interface SignatureParts {
  readonly digestOid?: string;
  readonly digest?: Uint8Array;
  readonly contentType?: string;
  readonly certificates?: readonly Uint8Array[];
  readonly signerInfos?: number;
  readonly signer?: Uint8Array;
  readonly signedAttributes?: readonly Uint8Array[];
  readonly unsignedAttributes?: readonly Uint8Array[];
  /** What is signed in the end; by default the signed attributes as they should be. */
  readonly sign?: (signed: Uint8Array) => Uint8Array;
}

export const imageSha256 = hash('sha256', 'the image');
export const ecdsa = sequence(objectIdentifier(OID.ecdsaWithSha256));

export const signerCertificate = buildCertificate({
  serial: '8db7',
  issuer: issuerName,
  subject: nameOf([OID.commonName, utf8('Signer')]),
});

export function signEc(bytes: Uint8Array): Uint8Array {
  return sign('sha256', bytes, signingKey);
}

export function buildSignature({
  digestOid = OID.sha256,
  digest = Buffer.from(imageSha256, 'hex'),
  contentType = OID.spcIndirectData,
  certificates = [signerCertificate],
  signerInfos = 1,
  signer = issuerAndSerial,
  signedAttributes = [],
  unsignedAttributes,
  sign: signBytes = signEc,
}: SignatureParts = {}): Uint8Array {
  const indirectData = sequence(
    sequence(objectIdentifier('1.3.6.1.4.1.311.2.1.15')),
    sequence(sequence(objectIdentifier(digestOid)), octetString(digest)),
  );
  const content = contentOf(indirectData);
  const signerInfo = buildSignerInfo({
    signer,
    content,
    signedAttributes: [messageDigestOf(content), ...signedAttributes],
    signatureAlgorithm: ecdsa,
    sign: signBytes,
    ...(unsignedAttributes && { unsignedAttributes }),
  });
  const signedData = sequence(
    integer('01'),
    setOf(),
    sequence(objectIdentifier(contentType), contextConstructed(0, indirectData)),
    contextConstructed(0, ...certificates),
    setOf(...Array.from({ length: signerInfos }, () => signerInfo)),
  );
  return sequence(objectIdentifier(OID.signedData), contextConstructed(0, signedData));
}

/** Where the test's tables stand in their file. */
export const TABLE = 5000;

/** A certificate table with one entry for each of `contents`. */
export function tableOf(...contents: readonly Uint8Array[]): WinCertificateTable {
  const entries = contents.map((content) => {
    const entry = new Uint8Array(Math.ceil((8 + content.length) / 8) * 8);
    const view = new DataView(entry.buffer);
    view.setUint32(0, 8 + content.length, true);
    view.setUint16(4, 0x0200, true);
    view.setUint16(6, 2, true);
    entry.set(content, 8);
    return entry;
  });
  const bytes = Buffer.concat(entries);
  return readWinCertificates(new ByteReader(bytes, TABLE), { offset: TABLE, size: bytes.length });
}
