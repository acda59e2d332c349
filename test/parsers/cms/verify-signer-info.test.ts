import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  contextConstructed,
  integer,
  objectIdentifier,
  sequence,
} from '../../../build/fixtures/der.ts';
import { parseSignerInfo } from '../../../parsers/cms/signer-info.ts';
import { verifySignerInfo } from '../../../parsers/cms/verify-signer-info.ts';
import { readDer } from '../../../parsers/der/der-reader.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { buildSignerInfo, messageDigestOf, type SignerInfoParts } from './signer-info-builder.ts';

const content = Buffer.from('what was signed');
const keyFile = path.join(import.meta.dirname, '../../../fixtures/ca/keys/example.key.pem');
const rsa = createPrivateKey(readFileSync(keyFile));
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed25519 = generateKeyPairSync('ed25519');

function algorithm(oid: string, ...parameters: readonly Uint8Array[]): Uint8Array {
  return sequence(objectIdentifier(oid), ...parameters);
}

function pss(hashOid: string, maskOid: string, saltLength: string): Uint8Array {
  const parameters = sequence(
    contextConstructed(0, algorithm(hashOid)),
    contextConstructed(1, algorithm(OID.mgf1, algorithm(maskOid))),
    contextConstructed(2, integer(saltLength)),
  );
  return algorithm(OID.rsaPss, parameters);
}

function signPss(digest: string, saltLength: number) {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return (bytes: Uint8Array) => sign(digest, bytes, { key: rsa, padding, saltLength });
}

const sound: SignerInfoParts = {
  content,
  signatureAlgorithm: algorithm(OID.rsaEncryption),
  sign: (bytes) => sign('sha256', bytes, rsa),
};

function failuresOf(
  parts: Partial<SignerInfoParts>,
  signed: Uint8Array = content,
  key = createPublicKey(rsa),
) {
  const signerInfo = parseSignerInfo(readDer(buildSignerInfo({ ...sound, ...parts })).next());
  return verifySignerInfo(signerInfo, signed, key);
}

describe('verifySignerInfo accepts', () => {
  test.each<{ name: string; parts: Partial<SignerInfoParts> }>([
    { name: 'rsaEncryption', parts: {} },
    {
      name: 'sha256WithRSAEncryption',
      parts: { signatureAlgorithm: algorithm(OID.sha256WithRsa) },
    },
    {
      name: 'MD5',
      parts: { digestOid: OID.md5, digest: 'md5', sign: (bytes) => sign('md5', bytes, rsa) },
    },
    { name: 'a digest given as a signature algorithm', parts: { digestOid: OID.sha256WithRsa } },
    { name: 'no signed attributes', parts: { signedAttributes: null } },
    {
      name: 'PSS with SHA-256',
      parts: { signatureAlgorithm: pss(OID.sha256, OID.sha256, '20'), sign: signPss('sha256', 32) },
    },
    {
      name: 'PSS with every default',
      parts: { signatureAlgorithm: algorithm(OID.rsaPss), sign: signPss('sha1', 20) },
    },
  ])('$name', ({ parts }) => {
    expect(failuresOf(parts)).toEqual([]);
  });

  test.each([OID.ecPublicKey, OID.ecdsaWithSha256])('ECDSA named as %s', (oid) => {
    const parts = {
      signatureAlgorithm: algorithm(oid),
      sign: (bytes: Uint8Array) => sign('sha256', bytes, ec.privateKey),
    };
    expect(failuresOf(parts, content, ec.publicKey)).toEqual([]);
  });
});

describe('verifySignerInfo finds', () => {
  test('another content, although the signature value is right', () => {
    expect(failuresOf({}, Buffer.from('something else'))).toEqual([
      { kind: 'message-digest', detail: expect.stringContaining('sha256') },
    ]);
  });

  test('both failures where both are wrong', () => {
    const failures = failuresOf({ sign: (bytes) => sign('sha1', bytes, rsa) }, Buffer.from('else'));
    expect(failures.map(({ kind }) => kind)).toEqual(['message-digest', 'signature-value']);
  });

  test.each<{ name: string; parts: Partial<SignerInfoParts>; kind: string; detail: string }>([
    {
      name: 'a signature by another digest',
      parts: { sign: (bytes) => sign('sha1', bytes, rsa) },
      kind: 'signature-value',
      detail: 'the signature value does not verify (rsa-pkcs1, sha256)',
    },
    {
      name: 'a signature that is too short',
      parts: { sign: () => Buffer.alloc(3) },
      kind: 'signature-value',
      detail: 'the signature value does not verify (rsa-pkcs1, sha256)',
    },
    {
      name: 'signed attributes without messageDigest',
      parts: { signedAttributes: [] },
      kind: 'message-digest',
      detail: 'there are signed attributes, but no messageDigest among them',
    },
    {
      name: 'two messageDigest attributes',
      parts: { signedAttributes: [messageDigestOf(content), messageDigestOf(content)] },
      kind: 'message-digest',
      detail: 'there is more than one messageDigest attribute',
    },
    {
      name: 'a digest algorithm we do not know',
      parts: { digestOid: '1.2.3' },
      kind: 'unsupported',
      detail: 'digest algorithm 1.2.3',
    },
    {
      name: 'a signature algorithm we do not know',
      parts: { signatureAlgorithm: algorithm('1.2.3') },
      kind: 'unsupported',
      detail: 'signature algorithm 1.2.3',
    },
    {
      name: 'ECDSA with an RSA key',
      parts: { signatureAlgorithm: algorithm(OID.ecPublicKey) },
      kind: 'unsupported',
      detail: `signature algorithm ${OID.ecPublicKey} with a key of type rsa`,
    },
    {
      name: 'PSS whose mask has another digest',
      parts: { signatureAlgorithm: pss(OID.sha256, OID.sha1, '20') },
      kind: 'unsupported',
      detail: `signature algorithm ${OID.rsaPss}`,
    },
    {
      name: 'PSS with an absurd salt',
      parts: { signatureAlgorithm: pss(OID.sha256, OID.sha256, '7fffffff') },
      kind: 'unsupported',
      detail: 'signature parameters: saltLength 7fffffff is not 0 to 2048',
    },
  ])('$name', ({ parts, kind, detail }) => {
    expect(failuresOf(parts)).toEqual([{ kind, detail }]);
  });

  test('a messageDigest that is no OCTET STRING', () => {
    const wrong = sequence(
      objectIdentifier(OID.messageDigest),
      Uint8Array.of(0x31, 0x02, 0x05, 0x00),
    );
    expect(failuresOf({ signedAttributes: [wrong] })).toMatchObject([{ kind: 'message-digest' }]);
  });

  test('a key of a type that Authenticode does not have', () => {
    expect(failuresOf({}, content, ed25519.publicKey)).toEqual([
      {
        kind: 'unsupported',
        detail: `signature algorithm ${OID.rsaEncryption} with a key of type ed25519`,
      },
    ]);
  });

  test('that the key could not be loaded', () => {
    const signerInfo = parseSignerInfo(readDer(buildSignerInfo(sound)).next());
    expect(verifySignerInfo(signerInfo, content, undefined)).toEqual([
      { kind: 'unsupported', detail: "the signer's public key cannot be loaded" },
    ]);
  });

  test('every flipped bit of the signature value', () => {
    const value = sign('sha256', content, rsa);
    for (let at = 0; at < value.length; at += 16) {
      const damaged = Uint8Array.from(value);
      damaged[at] = (value[at] ?? 0) ^ 0x10;
      const failures = failuresOf({ signedAttributes: null, sign: () => damaged });
      expect(
        failures.map(({ kind }) => kind),
        `byte ${at}`,
      ).toEqual(['signature-value']);
    }
  });
});
