import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  contextPrimitive,
  objectIdentifier,
  octetString,
  sequence,
  tlv,
} from '../../../build/fixtures/der.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { TAG } from '../../../parsers/der/tags.ts';
import { buildChain, type Chain } from '../../../parsers/x509/build-chain.ts';
import type { ChainPurpose } from '../../../parsers/x509/check-path.ts';
import { type RootSet, rootSet } from '../../../parsers/x509/root-set.ts';
import { extensionOf } from './certificate-builder.ts';
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

const NOW = Date.parse('2026-11-24T00:00:00Z');

const forCode: ChainPurpose = {
  usage: 'code_signing',
  verificationMs: NOW,
  verificationTimeIs: 'now',
  timestampMs: undefined,
  endIsJudged: true,
  revocation: undefined,
  nowMs: NOW,
  distrusted: undefined,
};

function chainOf(
  leaf: Issued,
  embedded: readonly Issued[],
  roots: readonly Issued[] | RootSet | undefined,
  purpose: Partial<ChainPurpose> = {},
): Chain {
  const trusted = Array.isArray(roots)
    ? rootSet(roots.map(({ certificate }: Issued) => certificate))
    : (roots as RootSet | undefined);
  return buildChain(
    leaf.certificate,
    embedded.map(({ certificate }) => certificate),
    trusted,
    { ...forCode, ...purpose },
  );
}

function names({ links }: Chain): string[] {
  return links.map(({ certificate }) => certificate.name);
}

function codes({ findings }: Chain): string[] {
  return findings.map(({ code }) => code);
}

const leafOptions: IssueOptions = { extendedKeyUsage: [OID.codeSigning], keyUsage: '0780' };

describe('buildChain', () => {
  test('goes from the leaf over an embedded authority to a trusted root', () => {
    const { root, authority } = issueAuthorities();
    const chain = chainOf(issue('Leaf', authority, leafOptions), [authority], [root]);
    expect(names(chain)).toEqual(['Leaf', 'Authority', 'Root']);
    expect(chain).toMatchObject({
      end: 'trusted-root',
      findings: [],
      endsAtMicrosoftRoot: false,
    });
  });

  test('says where Windows could fetch an issuer that is not at hand', () => {
    const { root, authority } = issueAuthorities();
    const access = sequence(
      sequence(
        objectIdentifier(OID.caIssuers),
        contextPrimitive(6, Buffer.from('http://ca.invalid/a.cer')),
      ),
    );
    const extensions = [extensionOf(OID.authorityInfoAccess, access)];
    const chain = chainOf(issue('Leaf', authority, { ...leafOptions, extensions }), [], [root]);
    expect(chain.end).toBe('missing-issuer');
    expect(chain.findings).toEqual([
      {
        code: 'CERT_E_CHAINING',
        level: 'error',
        detail:
          'the certificate of Authority, which issued Leaf, is not at hand: Windows could fetch it from http://ca.invalid/a.cer',
      },
    ]);
  });

  test('ends at an embedded root that is not trusted', () => {
    const { root, authority } = issueAuthorities();
    const chain = chainOf(issue('Leaf', authority, leafOptions), [root, authority], []);
    expect(chain.end).toBe('unknown-root');
    expect(codes(chain)).toEqual(['CERT_E_UNTRUSTEDROOT']);
  });

  test('finds no fault in its end where the roots are not those for the purpose', () => {
    const { authority } = issueAuthorities();
    const leaf = issue('Leaf', authority, leafOptions);
    expect(chainOf(leaf, [authority], undefined, { endIsJudged: false }).findings).toEqual([]);
  });

  test('trusts a self-signed leaf that is itself among the roots', () => {
    const leaf = issue('Leaf', undefined, leafOptions);
    expect(chainOf(leaf, [], [leaf])).toMatchObject({ end: 'trusted-root', findings: [] });
    expect(codes(chainOf(leaf, [], []))).toEqual(['CERT_E_UNTRUSTEDROOT']);
  });

  test('names the link whose signature is broken and still shows the way to the root', () => {
    const root = issue('Root', undefined, { authority: true });
    const authority = issue('Authority', root, { authority: true, damage: true });
    const chain = chainOf(issue('Leaf', authority, leafOptions), [authority], [root]);
    expect(names(chain)).toEqual(['Leaf', 'Authority', 'Root']);
    expect(chain.links.map(({ findings }) => findings.map(({ code }) => code))).toEqual([
      [],
      ['TRUST_E_CERT_SIGNATURE'],
      [],
    ]);
  });

  test('takes the one of two authorities with one name that made the signature', () => {
    const { root, authority } = issueAuthorities();
    const impostor = issue('Authority', root, { authority: true });
    const leaf = issue('Leaf', authority, leafOptions);
    const chain = chainOf(leaf, [impostor, authority], [root]);
    expect(chain.certificates[1]).toBe(authority.certificate);
    expect(chain.findings).toEqual([]);
  });

  test('takes no issuer by name alone where the key identifiers differ', () => {
    const root = issue('Root', undefined, { authority: true });
    const keyIdentifier = (id: string) => [
      extensionOf(OID.subjectKeyIdentifier, octetString(Buffer.from(id))),
    ];
    const impostor = issue('Authority', root, {
      authority: true,
      extensions: keyIdentifier('impostor'),
    });
    const real = issue('Authority', root, { authority: true, extensions: keyIdentifier('real') });
    const authorityKey = sequence(contextPrimitive(0, Buffer.from('real')));
    const extensions = [extensionOf(OID.authorityKeyIdentifier, authorityKey)];
    const leaf = issue('Leaf', real, { ...leafOptions, extensions });
    const chain = chainOf(leaf, [impostor], [root]);
    expect(names(chain)).toEqual(['Leaf']);
    expect(codes(chain)).toEqual(['CERT_E_CHAINING']);
  });

  describe('with cross-certificates', () => {
    const keys = ecKeys();
    const oldRoot = issue('Old Root', undefined, { authority: true });
    const newRoot = issue('New Root', undefined, { authority: true, keys });
    const cross = issue('New Root', oldRoot, { authority: true, keys, to: '2020-01-01T00:00:00Z' });
    const authority = issue('Authority', newRoot, { authority: true });
    const leaf = issue('Leaf', authority, leafOptions);

    test('tries both ways and reports the one without a fault', () => {
      const chain = chainOf(leaf, [cross, authority], [oldRoot, newRoot]);
      expect(names(chain)).toEqual(['Leaf', 'Authority', 'New Root']);
      expect(chain.findings).toEqual([]);
    });

    test('goes over the cross-certificate where only the old root is trusted', () => {
      const chain = chainOf(leaf, [authority, newRoot, cross], [oldRoot]);
      expect(names(chain)).toEqual(['Leaf', 'Authority', 'New Root', 'Old Root']);
      expect(codes(chain)).toEqual(['CERT_E_EXPIRED']);
    });

    test('leaves a root that may not be used for another that may', () => {
      const valid = issue('New Root', oldRoot, { authority: true, keys });
      const restrictions = new Map([
        [newRoot.certificate.facts.sha1, { usages: ['time_stamping'] }],
      ]);
      const roots = rootSet([newRoot.certificate, oldRoot.certificate], restrictions);
      const chain = chainOf(leaf, [authority, valid], roots);
      expect(names(chain)).toEqual(['Leaf', 'Authority', 'New Root', 'Old Root']);
      expect(chain.findings).toEqual([]);
    });
  });

  test('ends in a loop of two authorities that certify each other', () => {
    const [first, second] = [ecKeys(), ecKeys()];
    const seedOfA = issue('A', undefined, { authority: true, keys: first });
    const b = issue('B', seedOfA, { authority: true, keys: second });
    const a = issue('A', b, { authority: true, keys: first });
    const chain = chainOf(issue('Leaf', a, leafOptions), [a, b], []);
    expect(names(chain)).toEqual(['Leaf', 'A', 'B']);
    expect(codes(chain)).toEqual(['CERT_E_CHAINING']);
  });

  test('stops after twelve certificates', () => {
    const authorities: Issued[] = [];
    for (let i = 0; i < 20; i++)
      authorities.push(issue(`Authority ${i}`, authorities[i - 1], { authority: true }));
    const chain = chainOf(issue('Leaf', authorities[19], leafOptions), authorities, []);
    expect(chain.links).toHaveLength(12);
    expect(chain.end).toBe('too-long');
  });

  test('is not kept busy by hundreds of certificates with one name', () => {
    const { root, authority } = issueAuthorities();
    const keys = ecKeys();
    const impostors = Array.from({ length: 250 }, () =>
      issue('Authority', root, { authority: true, keys }),
    );
    const leaf = issue('Leaf', authority, leafOptions);
    expect(codes(chainOf(leaf, [...impostors, authority], [root]))).toEqual(['CERT_E_CHAINING']);
  });

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
