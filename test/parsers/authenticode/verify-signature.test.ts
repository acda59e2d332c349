import { hash, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { octetString } from '../../../build/fixtures/der.ts';
import { readSignatures } from '../../../parsers/authenticode/read-signatures.ts';
import type { DigestAlgorithm } from '../../../parsers/authenticode/signature-report.ts';
import { verifySignature } from '../../../parsers/authenticode/verify-signature.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { attributeOf, issuerName } from '../cms/signer-info-builder.ts';
import { withoutRoots } from '../read-corpus-file.ts';
import { buildCertificate, nameOf, signingKey, spki, utf8 } from '../x509/certificate-builder.ts';
import { buildSignature, imageSha256, type SignatureParts, tableOf } from './signature-builder.ts';

const imageDigests: ReadonlyMap<DigestAlgorithm, string> = new Map([['sha256', imageSha256]]);

function report(
  parts: SignatureParts = {},
  digests = imageDigests,
  tail: Uint8Array = new Uint8Array(0),
) {
  const content = Buffer.concat([buildSignature(parts), tail]);
  const [signature] = readSignatures(tableOf(content)).signatures;
  if (signature === undefined) expect.fail('no signature was read');
  return verifySignature(signature, 3, digests, { ...withoutRoots, now: '2018-01-01T00:00:00Z' });
}

const wrongSignature = (bytes: Uint8Array) => sign('sha1', bytes, signingKey);
const otherImage: ReadonlyMap<DigestAlgorithm, string> = new Map([
  ['sha256', hash('sha256', 'another image')],
]);

describe('verifySignature', () => {
  test('finds nothing wrong with a sound signature, and leaves trust open', () => {
    expect(report()).toMatchObject({
      index: 3,
      status: 'NotJudged',
      findings: [],
      signer: { name: 'Signer', issuerName: 'Issuer', serial: '8db7' },
      issuerSha1: null,
      digestAlgorithm: 'sha256',
      embeddedDigest: imageSha256,
      computedDigest: imageSha256,
      programName: null,
      moreInfo: null,
      counterSignatures: [],
    });
  });

  test('says by both digests that the file is another one', () => {
    const { status, findings, computedDigest } = report({}, otherImage);
    expect(status).toBe('HashMismatch');
    expect(computedDigest).toBe(hash('sha256', 'another image'));
    expect(findings).toEqual([
      {
        code: 'TRUST_E_BAD_DIGEST',
        level: 'error',
        detail: `signed was sha256 ${imageSha256}, the file has ${computedDigest}`,
      },
    ]);
  });

  test.each<{
    name: string;
    parts: SignatureParts;
    digests?: typeof imageDigests;
    status: string;
    codes: string[];
  }>([
    {
      name: 'a wrong signature value',
      parts: { sign: wrongSignature },
      status: 'BadSignature',
      codes: ['NTE_BAD_SIGNATURE'],
    },
    {
      name: 'a wrong digest and a wrong signature value',
      parts: { sign: wrongSignature },
      digests: otherImage,
      status: 'HashMismatch',
      codes: ['TRUST_E_BAD_DIGEST', 'NTE_BAD_SIGNATURE'],
    },
    {
      name: 'two messageDigest attributes',
      parts: { signedAttributes: [attributeOf(OID.messageDigest, octetString(Buffer.alloc(32)))] },
      status: 'BadSignature',
      codes: ['NTE_BAD_SIGNATURE'],
    },
    {
      name: 'no certificate of the signer',
      parts: { certificates: [] },
      status: 'NotTrusted',
      codes: ['TRUST_E_NO_SIGNER_CERT'],
    },
    {
      name: 'an image digest we do not know',
      parts: { digestOid: '1.2.3' },
      status: 'NotTrusted',
      codes: ['CRYPT_E_UNKNOWN_ALGO'],
    },
    {
      name: 'an embedded digest that is cut short',
      parts: { digest: Buffer.from(imageSha256, 'hex').subarray(0, 20) },
      status: 'HashMismatch',
      codes: ['TRUST_E_BAD_DIGEST'],
    },
  ])('gives $status for $name', ({ parts, digests = imageDigests, status, codes }) => {
    const { status: given, findings } = report(parts, digests);
    expect(given).toBe(status);
    expect(findings.map(({ code }) => code)).toEqual(codes);
  });

  test('keeps what the signature says where its digest algorithm is unknown', () => {
    const { digestAlgorithm, embeddedDigest, computedDigest, signer } = report({
      digestOid: '1.2.3',
    });
    expect({ digestAlgorithm, embeddedDigest, computedDigest, name: signer?.name }).toEqual({
      digestAlgorithm: null,
      embeddedDigest: imageSha256,
      computedDigest: null,
      name: 'Signer',
    });
  });

  test('names the issuer where its certificate came along', () => {
    const issuer = buildCertificate({ subject: issuerName, publicKeyInfo: spki });
    const signer = buildCertificate({
      serial: '8db7',
      issuer: issuerName,
      subject: nameOf([OID.commonName, utf8('Signer')]),
    });
    expect(report({ certificates: [issuer, signer] }).issuerSha1).toBe(hash('sha1', issuer));
  });

  test.each([
    { name: 'seven zeros of padding', tail: '00000000000000', codes: [] },
    { name: 'eight zeros of padding', tail: '0000000000000000', codes: ['EnableCertPaddingCheck'] },
    { name: 'one byte that is not zero', tail: '01', codes: ['EnableCertPaddingCheck'] },
  ])('warns about bytes after the PKCS#7: $name', ({ tail, codes }) => {
    const { status, findings } = report({}, imageDigests, Buffer.from(tail, 'hex'));
    expect(status).toBe('NotJudged');
    expect(findings.map(({ code }) => code)).toEqual(codes);
  });

  test('warns about an unauthenticated attribute that anybody can have added', () => {
    const unsignedAttributes = [
      attributeOf('1.3.6.1.4.1.42921.1.2.1', octetString(Buffer.alloc(100))),
    ];
    expect(report({ unsignedAttributes }).findings).toEqual([
      {
        code: 'UNAUTHENTICATED_ATTRIBUTE',
        level: 'warning',
        detail: 'unauthenticated attribute 1.3.6.1.4.1.42921.1.2.1 of 102 bytes',
      },
    ]);
  });

  test('throws where the caller forgot a digest: that is a bug, not an answer', () => {
    expect(() => report({}, new Map())).toThrow('no sha256 digest of the image was given');
  });
});
