import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { objectIdentifier, octetString, sequence, tlv } from '../../../build/fixtures/der.ts';
import { toHex } from '../../../parsers/bytes/hex.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { TAG } from '../../../parsers/der/tags.ts';
import { encodedRootSet } from '../../../parsers/x509/encoded-root-set.ts';
import { extensionOf } from './certificate-builder.ts';
import { chainOf, codes, leafOptions, names } from './chain-case.ts';
import {
  dsaSha256,
  ecdsaSha256,
  ecdsaSha384,
  ecdsaSha512,
  ecKeys,
  type Issued,
  type IssueOptions,
  issue,
  issueAuthorities,
  type Keys,
  pssSha256,
  rsaSha1,
  rsaSha256,
} from './test-authority.ts';

describe('checkPath', () => {
  test.each<{ name: string; leaf: IssueOptions; code: string }>([
    {
      name: 'a leaf that has expired',
      leaf: { to: '2020-01-01T00:00:00Z' },
      code: 'CERT_E_EXPIRED',
    },
    {
      name: 'a leaf that is not valid yet',
      leaf: { from: '2030-01-01T00:00:00Z' },
      code: 'CERT_E_EXPIRED',
    },
    {
      name: 'a leaf for a TLS server',
      leaf: { extendedKeyUsage: [OID.serverAuth] },
      code: 'CERT_E_WRONG_USAGE',
    },
    {
      name: 'a leaf whose extended key usage is empty',
      leaf: { extendedKeyUsage: [] },
      code: 'CERT_E_WRONG_USAGE',
    },
    {
      name: 'a leaf whose extended key usage cannot be read',
      leaf: { extensions: [extensionOf(OID.extendedKeyUsage, octetString(Buffer.from('x')))] },
      code: 'CERT_E_WRONG_USAGE',
    },
    {
      name: 'a leaf whose key may only agree on keys',
      leaf: { keyUsage: '0308' },
      code: 'CERT_E_WRONG_USAGE',
    },
    {
      name: 'a leaf with a critical extension that nobody knows',
      leaf: {
        extensions: [
          sequence(
            objectIdentifier('1.2.3.4'),
            tlv(TAG.boolean, Uint8Array.of(0xff)),
            octetString(sequence()),
          ),
        ],
      },
      code: 'CERT_E_CRITICAL',
    },
    {
      name: 'a leaf whose extensions break off',
      leaf: { extensions: [sequence()] },
      code: 'CERT_E_MALFORMED',
    },
  ])('does not accept $name', ({ leaf, code }) => {
    const { root, authority } = issueAuthorities();
    expect(codes(chainOf(issue('Leaf', authority, leaf), [authority], [root]))).toEqual([code]);
  });

  test.each<{ name: string; leaf: IssueOptions }>([
    { name: 'without any extended key usage', leaf: { keyUsage: '0780' } },
    { name: 'for any purpose', leaf: { extendedKeyUsage: [OID.anyExtendedKeyUsage] } },
    { name: 'whose key usage is nonRepudiation alone', leaf: { keyUsage: '0640' } },
    { name: 'that may be an authority as well', leaf: { authority: true } },
  ])('accepts a leaf $name', ({ leaf }) => {
    const { root, authority } = issueAuthorities();
    expect(chainOf(issue('Leaf', authority, leaf), [authority], [root]).findings).toEqual([]);
  });

  test.each<{ name: string; authority: IssueOptions; code: string }>([
    { name: 'is no authority', authority: {}, code: 'TRUST_E_BASIC_CONSTRAINTS' },
    { name: 'says so itself', authority: { authority: false }, code: 'TRUST_E_BASIC_CONSTRAINTS' },
    {
      name: 'may not sign certificates',
      authority: { authority: true, keyUsage: '0780' },
      code: 'CERT_E_WRONG_USAGE',
    },
    {
      name: 'may only issue for TLS servers',
      authority: { authority: true, extendedKeyUsage: [OID.serverAuth] },
      code: 'CERT_E_WRONG_USAGE',
    },
    {
      name: 'has expired',
      authority: { authority: true, to: '2020-01-01T00:00:00Z' },
      code: 'CERT_E_EXPIRED',
    },
  ])('does not accept an issuer that $name', ({ authority: options, code }) => {
    const root = issue('Root', undefined, { authority: true });
    const authority = issue('Authority', root, options);
    const chain = chainOf(issue('Leaf', authority, leafOptions), [authority], [root]);
    expect(codes(chain)).toEqual([code]);
    expect(chain.links[1]?.findings).toHaveLength(1);
  });

  test.each([
    { pathLength: 0, below: 0, expected: [] },
    { pathLength: 0, below: 1, expected: ['TRUST_E_BASIC_CONSTRAINTS'] },
    { pathLength: 1, below: 1, expected: [] },
    { pathLength: 1, below: 2, expected: ['TRUST_E_BASIC_CONSTRAINTS'] },
  ])(
    'gives $expected for $below authorities below a path length of $pathLength',
    ({ pathLength, below, expected }) => {
      const root = issue('Root', undefined, { authority: true });
      const authorities = [issue('Limited', root, { authority: { pathLength } })];
      for (let i = 0; i < below; i++)
        authorities.push(issue(`Below ${i}`, authorities[i], { authority: true }));
      const leaf = issue('Leaf', authorities[below], leafOptions);
      expect(codes(chainOf(leaf, authorities, [root]))).toEqual(expected);
    },
  );

  test('does not count a self-issued certificate towards the path length', () => {
    const root = issue('Root', undefined, { authority: true });
    const limited = issue('Limited', root, { authority: { pathLength: 0 } });
    const renewed = issue('Limited', limited, { authority: true });
    const leaf = issue('Leaf', renewed, leafOptions);
    const chain = chainOf(leaf, [limited, renewed], [root]);
    expect(names(chain)).toEqual(['Leaf', 'Limited', 'Limited', 'Root']);
    expect(chain.findings).toEqual([]);
  });

  test('looks neither at the usages nor at the constraints of a trusted root', () => {
    const root = issue('Root', undefined, { extendedKeyUsage: [OID.serverAuth], keyUsage: '0780' });
    const leaf = issue('Leaf', root, leafOptions);
    expect(chainOf(leaf, [], [root]).findings).toEqual([]);
  });

  test.each([
    { name: 'SHA-1', thumbprint: (issued: Issued) => issued.certificate.facts.sha1 },
    { name: 'SHA-256', thumbprint: (issued: Issued) => issued.certificate.facts.sha256 },
  ])('does not accept a certificate that is distrusted by its $name', ({ thumbprint }) => {
    const { root, authority } = issueAuthorities();
    const leaf = issue('Leaf', authority, leafOptions);
    const chain = chainOf(leaf, [authority], [root], { distrusted: new Set([thumbprint(leaf)]) });
    expect(codes(chain)).toEqual(['TRUST_E_EXPLICIT_DISTRUST']);
  });

  test.each([
    { name: 'ECDSA P-256', keys: ecKeys('P-256'), algorithm: ecdsaSha256 },
    { name: 'ECDSA P-384', keys: ecKeys('P-384'), algorithm: ecdsaSha384 },
    { name: 'ECDSA P-521', keys: ecKeys('P-521'), algorithm: ecdsaSha512 },
    { name: 'RSA with SHA-1', keys: rsaKeys(), algorithm: rsaSha1 },
    { name: 'RSA with SHA-256', keys: rsaKeys(), algorithm: rsaSha256 },
    { name: 'RSASSA-PSS', keys: rsaKeys(), algorithm: pssSha256 },
    { name: 'DSA', keys: dsaKeys(), algorithm: dsaSha256 },
  ])('verifies links by $name', ({ keys, algorithm }) => {
    const root = issue('Root', undefined, { authority: true, keys, algorithm });
    const leaf = issue('Leaf', root, { ...leafOptions, algorithm });
    const damaged = issue('Leaf', root, { ...leafOptions, algorithm, damage: true });
    expect(chainOf(leaf, [], [root]).findings).toEqual([]);
    expect(codes(chainOf(damaged, [], [root]))).toEqual(['TRUST_E_CERT_SIGNATURE']);
  });

  test.each([
    { name: 'a public exponent of 65 bits', change: { e: base64url(`01${'00'.repeat(7)}01`) } },
    { name: 'a modulus of 16,392 bits', change: { n: base64url('c1'.repeat(2049)) } },
  ])('does not verify by an RSA key with $name, which would hold up the scan', ({ change }) => {
    const keys = rsaKeys();
    const jwk = { ...keys.publicKey.export({ format: 'jwk' }), ...change };
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    const root = issue('Root', undefined, { keys: { ...keys, publicKey }, algorithm: rsaSha256 });
    expect(root.certificate.publicKey).toBeUndefined();
    expect(rsaRoot(keys).certificate.publicKey?.asymmetricKeyType).toBe('rsa');
  });

  test('does not verify by a curve that no Authenticode signer has', () => {
    const root = issue('Root', undefined, { authority: true, keys: ecKeys('secp256k1') });
    expect(root.certificate.publicKey).toBeUndefined();
    const leaf = issue('Leaf', root, leafOptions);
    expect(codes(chainOf(leaf, [], [root]))).toEqual(['TRUST_E_CERT_SIGNATURE']);
  });
});

function base64url(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url');
}

function rsaRoot(keys: Keys): Issued {
  return issue('Root', undefined, { keys, algorithm: rsaSha256 });
}

function rsaKeys() {
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

function dsaKeys() {
  return generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 });
}

test('a root that the machine trusts and the programme does not have is a warning, and no fault', () => {
  const { root, authority } = issueAuthorities();
  const leaf = issue('Leaf', authority, leafOptions);
  const { encoded, subject } = root.certificate;
  const rootsWith = (outsideProgramme: ReadonlySet<string> | undefined) =>
    encodedRootSet([{ encoded, name: toHex(subject) }], {
      restrictions: new Map(),
      ...(outsideProgramme && { outsideProgramme }),
    });
  const planted = chainOf(leaf, [authority], rootsWith(new Set([root.certificate.facts.sha1])));
  expect(planted.findings).toMatchObject([{ code: 'ROOT_OUTSIDE_PROGRAMME', level: 'warning' }]);
  expect(codes(chainOf(leaf, [authority], rootsWith(new Set())))).toEqual([]);
  expect(codes(chainOf(leaf, [authority], rootsWith(undefined)))).toEqual([]);
});
