import { describe, expect, test } from 'vitest';
import {
  contextConstructed,
  contextPrimitive,
  generalizedTime,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  tlv,
} from '../../../build/fixtures/der.ts';
import { attributeValues } from '../../../parsers/cms/attribute.ts';
import { parseContentInfo } from '../../../parsers/cms/content-info.ts';
import { parseSignerInfo, signedAttributesToVerify } from '../../../parsers/cms/signer-info.ts';
import { parseTstInfo } from '../../../parsers/cms/tst-info.ts';
import { readDer } from '../../../parsers/der/der-reader.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { sweep } from '../sweep.ts';
import {
  attributeOf,
  buildSignerInfo,
  issuerName,
  messageDigestOf,
  type SignerInfoParts,
} from './signer-info-builder.ts';

const content = octetString(Buffer.from('payload'));
const certificate = sequence(integer('01'));
const rsa = sequence(objectIdentifier(OID.rsaEncryption));

function signerInfoBytes(parts: Partial<SignerInfoParts> = {}): Uint8Array {
  return buildSignerInfo({
    content,
    signatureAlgorithm: rsa,
    sign: () => Buffer.from('c0de', 'hex'),
    ...parts,
  });
}

function signedDataBytes({
  encapsulated = sequence(objectIdentifier(OID.tstInfo), contextConstructed(0, content)),
  certificates = [certificate],
  signerInfos = [signerInfoBytes()],
  contentType = OID.signedData as string,
} = {}): Uint8Array {
  const signedData = sequence(
    integer('03'),
    setOf(),
    encapsulated,
    contextConstructed(0, ...certificates),
    contextConstructed(1),
    setOf(...signerInfos),
  );
  return sequence(objectIdentifier(contentType), contextConstructed(0, signedData));
}

function parse(bytes: Uint8Array) {
  return parseContentInfo(readDer(bytes, 100).next());
}

describe('parseContentInfo', () => {
  test('gives content, certificates and SignerInfos', () => {
    const signedData = parse(
      signedDataBytes({ certificates: [certificate, contextConstructed(1)] }),
    );
    expect(signedData.contentType).toBe(OID.tstInfo);
    expect(signedData.content?.content).toEqual(Uint8Array.from(Buffer.from('payload')));
    expect(signedData.certificates.map(({ tag }) => tag)).toEqual([0x30, 0xa1]);
    expect(signedData.signerInfos).toHaveLength(1);
  });

  test('takes a detached signature', () => {
    const encapsulated = sequence(objectIdentifier(OID.tstInfo));
    expect(parse(signedDataBytes({ encapsulated })).content).toBeUndefined();
  });

  test.each([
    {
      name: 'another content type',
      bytes: signedDataBytes({ contentType: OID.spcIndirectData }),
      code: 'unsupported',
      offset: 103,
    },
    { name: 'no SEQUENCE', bytes: octetString(Buffer.from('')), code: 'bad-value', offset: 100 },
    {
      name: '257 certificates',
      bytes: signedDataBytes({ certificates: Array.from({ length: 257 }, () => certificate) }),
      code: 'too-many',
    },
    {
      name: '17 SignerInfos',
      bytes: signedDataBytes({ signerInfos: Array.from({ length: 17 }, () => signerInfoBytes()) }),
      code: 'too-many',
    },
  ])('refuses $name', ({ bytes, code, offset }) => {
    const error = { name: 'ParseError', code, ...(offset && { offset }) };
    expect(() => parse(bytes)).toThrow(expect.objectContaining(error));
  });

  test('gives a value or a ParseError for every cut and every flipped byte', () => {
    const bytes = signedDataBytes();
    expect(sweep(bytes, parse)).toBe(4 * bytes.length);
  });
});

describe('parseSignerInfo', () => {
  function signerInfo(parts: Partial<SignerInfoParts> = {}) {
    return parseSignerInfo(readDer(signerInfoBytes(parts), 100).next());
  }

  test('keeps issuer and serial number as they are encoded', () => {
    expect(signerInfo().signer).toEqual({
      kind: 'issuer-and-serial',
      issuer: issuerName,
      serialNumber: Uint8Array.of(0x8d, 0xb7),
    });
  });

  test('reads a subjectKeyIdentifier', () => {
    const signer = contextPrimitive(0, Buffer.from('abcd', 'hex'));
    expect(signerInfo({ signer }).signer).toEqual({
      kind: 'subject-key-identifier',
      keyIdentifier: Uint8Array.of(0xab, 0xcd),
    });
  });

  test('reads algorithms, signature and its place', () => {
    const { offset, digestAlgorithm, signatureAlgorithm, signature } = signerInfo();
    expect(offset).toBe(100);
    expect(digestAlgorithm.algorithm).toBe(OID.sha256);
    expect(signatureAlgorithm.algorithm).toBe(OID.rsaEncryption);
    expect(signature).toEqual(Uint8Array.of(0xc0, 0xde));
  });

  test('has no attributes where there are none', () => {
    const { signedAttributes, unsignedAttributes } = signerInfo({ signedAttributes: null });
    expect(signedAttributes).toBeUndefined();
    expect(unsignedAttributes).toEqual([]);
  });

  test('keeps every value of an attribute, and attributes that are repeated', () => {
    const unsignedAttributes = [
      attributeOf('1.2.3', integer('01'), integer('02')),
      attributeOf('1.2.3', integer('03')),
    ];
    const values = attributeValues(signerInfo({ unsignedAttributes }).unsignedAttributes, '1.2.3');
    expect(values.map(({ content: [octet] }) => octet)).toEqual([1, 2, 3]);
  });

  test('refuses 257 attributes', () => {
    const unsignedAttributes = Array.from({ length: 257 }, () => attributeOf('1.2.3'));
    expect(() => signerInfo({ unsignedAttributes })).toThrow(
      expect.objectContaining({ code: 'too-many' }),
    );
  });

  test('gives the signed attributes under the tag that was signed, leaving the input alone', () => {
    const { signedAttributes } = signerInfo();
    if (signedAttributes === undefined) expect.fail('no signed attributes');
    expect(signedAttributesToVerify(signedAttributes)).toEqual(setOf(messageDigestOf(content)));
    expect(signedAttributes.encoded[0]).toBe(0xa0);
  });
});

describe('parseTstInfo', () => {
  const imprint = sequence(
    sequence(objectIdentifier(OID.sha256)),
    octetString(Buffer.from('aabb', 'hex')),
  );
  const bytes = sequence(
    integer('01'),
    objectIdentifier('1.2.3.4'),
    imprint,
    integer('00ff'),
    generalizedTime('2018-06-01T10:00:07Z'),
    tlv(0x30),
  );

  test('reads policy, imprint, serial number and time', () => {
    const { messageImprint, ...others } = parseTstInfo(bytes, 500);
    expect(others).toEqual({
      policy: '1.2.3.4',
      serialNumber: 'ff',
      genTime: '2018-06-01T10:00:07Z',
    });
    expect(messageImprint.algorithm.algorithm).toBe(OID.sha256);
    expect(messageImprint.digest).toEqual(Uint8Array.of(0xaa, 0xbb));
  });

  test('says where in the file it is wrong', () => {
    const wrong = sequence(integer('01'), integer('02'));
    expect(() => parseTstInfo(wrong, 500)).toThrow(
      expect.objectContaining({ code: 'bad-value', offset: 505 }),
    );
  });

  test('gives a value or a ParseError for every cut and every flipped byte', () => {
    expect(sweep(bytes, (damaged) => parseTstInfo(damaged, 0))).toBe(4 * bytes.length);
  });
});
