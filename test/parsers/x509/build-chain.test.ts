import { describe, expect, test } from 'vitest';
import {
  contextPrimitive,
  objectIdentifier,
  octetString,
  sequence,
} from '../../../build/fixtures/der.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { rootSet } from '../../../parsers/x509/root-set.ts';
import { extensionOf } from './certificate-builder.ts';
import { chainOf, codes, leafOptions, names } from './chain-case.ts';
import { ecKeys, type Issued, issue, issueAuthorities } from './test-authority.ts';

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
});
