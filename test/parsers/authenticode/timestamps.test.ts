import { describe, expect, test } from 'vitest';
import {
  contextConstructed,
  generalizedTime,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  utcTime,
} from '../../../build/fixtures/der.ts';
import { readSignatures } from '../../../parsers/authenticode/read-signatures.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { attributeOf, buildSignerInfo, issuerName } from '../cms/signer-info-builder.ts';
import { buildCertificate, nameOf, utf8 } from '../x509/certificate-builder.ts';
import { buildSignature, ecdsa, signEc, signerCertificate, tableOf } from './signature-builder.ts';

const tsa = buildCertificate({
  serial: '77',
  issuer: issuerName,
  subject: nameOf([OID.commonName, utf8('TSA')]),
});
const byTsa = sequence(issuerName, integer('77'));

function pkcs9(...signedAttributes: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.from('signature value');
  return buildSignerInfo({
    signer: byTsa,
    content,
    signedAttributes,
    signatureAlgorithm: ecdsa,
    sign: signEc,
  });
}

function rfc3161({
  contentType = OID.tstInfo as string,
  certificates = [tsa],
  time = '2018-06-01T10:00:07Z',
} = {}): Uint8Array {
  const imprint = sequence(sequence(objectIdentifier(OID.sha256)), octetString(Buffer.alloc(32)));
  const tstInfo = sequence(
    integer('01'),
    objectIdentifier('1.2.3'),
    imprint,
    integer('05'),
    generalizedTime(time),
  );
  const signedData = sequence(
    integer('03'),
    setOf(),
    sequence(objectIdentifier(contentType), contextConstructed(0, octetString(tstInfo))),
    contextConstructed(0, ...certificates),
    setOf(pkcs9()),
  );
  return sequence(objectIdentifier(OID.signedData), contextConstructed(0, signedData));
}

function read(certificates: readonly Uint8Array[], ...unsignedAttributes: readonly Uint8Array[]) {
  const table = tableOf(buildSignature({ certificates, unsignedAttributes }));
  const { signatures, problems } = readSignatures(table);
  const timestamps = signatures[0]?.timestamps.map(({ kind, time, signer }) => ({
    kind,
    time,
    signer: signer?.facts.name,
  }));
  return { timestamps, problems };
}

const signingTime = attributeOf(OID.signingTime, utcTime('2018-06-01T10:00:00Z'));

describe('readTimestamps', () => {
  test('finds the PKCS#9 countersigner among the certificates of the signature', () => {
    const { timestamps } = read(
      [signerCertificate, tsa],
      attributeOf(OID.counterSignature, pkcs9(signingTime)),
    );
    expect(timestamps).toEqual([{ kind: 'pkcs9', time: '2018-06-01T10:00:00Z', signer: 'TSA' }]);
  });

  test('finds the RFC 3161 time stamper among the certificates of its token', () => {
    const { timestamps } = read([signerCertificate], attributeOf(OID.rfc3161Timestamp, rfc3161()));
    expect(timestamps).toEqual([{ kind: 'rfc3161', time: '2018-06-01T10:00:07Z', signer: 'TSA' }]);
  });

  test('looks for it among those of the signature where the token has none', () => {
    const { timestamps } = read(
      [signerCertificate, tsa],
      attributeOf(OID.rfc3161Timestamp, rfc3161({ certificates: [] })),
    );
    expect(timestamps?.[0]?.signer).toBe('TSA');
  });

  test('keeps a countersignature without time and without certificate', () => {
    const { timestamps, problems } = read(
      [signerCertificate],
      attributeOf(OID.counterSignature, pkcs9()),
    );
    expect(timestamps).toEqual([{ kind: 'pkcs9', time: null, signer: undefined }]);
    expect(problems).toEqual([]);
  });

  test.each([
    { name: 'that is garbage', value: octetString(Buffer.from('x')), code: 'bad-value' },
    {
      name: 'over another content',
      value: rfc3161({ contentType: OID.spcIndirectData }),
      code: 'unsupported',
    },
  ])('loses only the token $name', ({ value, code }) => {
    const { timestamps, problems } = read(
      [signerCertificate, tsa],
      attributeOf(OID.rfc3161Timestamp, value),
      attributeOf(OID.counterSignature, pkcs9(signingTime)),
    );
    expect(timestamps?.map(({ kind }) => kind)).toEqual(['pkcs9']);
    expect(problems).toMatchObject([{ name: 'ParseError', code }]);
  });

  test('reads 16 countersignatures and says that there are more', () => {
    const values = Array.from({ length: 20 }, () => pkcs9(signingTime));
    const { timestamps, problems } = read(
      [signerCertificate],
      attributeOf(OID.counterSignature, ...values),
    );
    expect(timestamps).toHaveLength(16);
    expect(problems).toMatchObject([{ code: 'too-many' }]);
  });
});
