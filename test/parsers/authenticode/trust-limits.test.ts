import { describe, expect, test } from 'vitest';
import { RevocationLists } from '../../../parsers/x509/revocation-lists.ts';
import { rootSet } from '../../../parsers/x509/root-set.ts';
import { issueCrl } from '../x509/crl-builder.ts';
import {
  anchors,
  authority,
  type Case,
  expired,
  inTime,
  outcome,
  report,
  root,
  trusted,
  tsa,
  tsaRoot,
  untrusted,
} from './trust-case.ts';

describe('a signature with revocation lists at hand', () => {
  const serial = '51';
  const ofRoot = issueCrl(root);
  const leaf = { ...expired, serial };

  test.each([
    { name: 'before the countersignature', date: '2018-05-31T00:00:00Z', isTrusted: false },
    { name: 'after the countersignature', date: '2018-06-02T00:00:00Z', isTrusted: true },
  ])('is trusted: $isTrusted where its leaf was revoked $name', ({ date, isTrusted }) => {
    const revocation = new RevocationLists([
      ofRoot,
      issueCrl(authority, { revoked: [{ serial, date }] }),
    ]);
    const found = report({ leaf, timestamps: [inTime], context: { revocation } });
    expect(found).toMatchObject({ isTrusted, revocationStatus: 'revoked' });
    expect(found.findings.map(({ code }) => code)).toEqual(['CERT_E_REVOKED']);
  });

  test('is good where every certificate but the root is on a current list', () => {
    const both = new RevocationLists([ofRoot, issueCrl(authority)]);
    const one = new RevocationLists([issueCrl(authority)]);
    expect(report({ context: { revocation: both } }).revocationStatus).toBe('good');
    expect(report({ context: { revocation: one } }).revocationStatus).toBe('not-checked');
  });

  test('is not trusted where the time stamper was revoked before', () => {
    const revoked = [{ serial: tsa.certificate.facts.serial, date: '2018-05-31T00:00:00Z' }];
    const revocation = new RevocationLists([issueCrl(tsaRoot, { revoked })]);
    expect(outcome({ timestamps: [inTime], context: { revocation } })).toEqual(
      untrusted('TRUST_E_COUNTER_SIGNER'),
    );
  });
});

describe('a signature without roots at hand', () => {
  const none = { anchors: undefined };
  const tls = { ...anchors, codeSigning: rootSet([]), timeStamping: rootSet([]), judges: false };

  test.each<{ name: string; given: Case; expected: object }>([
    {
      name: 'sound',
      given: { leaf: expired, timestamps: [inTime], context: none },
      expected: { status: 'NotJudged', isTrusted: null, findings: [] },
    },
    {
      name: 'sound, and roots of another purpose do not know it',
      given: { timestamps: [inTime], context: { anchors: tls } },
      expected: { status: 'NotJudged', isTrusted: null, findings: [] },
    },
    {
      name: 'sound, and roots of another purpose know only its signer',
      given: {
        timestamps: [inTime],
        context: { anchors: { ...tls, codeSigning: anchors.codeSigning } },
      },
      expected: { status: 'NotJudged', isTrusted: null, findings: [] },
    },
    {
      name: 'sound, and roots of another purpose know signer and time stamper',
      given: { timestamps: [inTime], context: { anchors: { ...anchors, judges: false } } },
      expected: trusted,
    },
    {
      name: 'of another file',
      given: { image: 'another image', context: none },
      expected: { status: 'HashMismatch', isTrusted: false, findings: ['TRUST_E_BAD_DIGEST'] },
    },
    {
      name: 'by an expired leaf that nobody countersigned',
      given: { leaf: expired, context: none },
      expected: untrusted('CERT_E_EXPIRED'),
    },
    {
      name: 'by a leaf that its authority did not sign',
      given: { leaf: { damage: true }, context: none },
      expected: untrusted('TRUST_E_CERT_SIGNATURE'),
    },
    {
      name: 'by a distrusted certificate',
      given: {
        context: { anchors: undefined, distrusted: new Set([authority.certificate.facts.sha1]) },
      },
      expected: untrusted('TRUST_E_EXPLICIT_DISTRUST'),
    },
  ])('is $expected.status where it is $name', ({ given, expected }) => {
    expect(outcome(given)).toEqual(expected);
  });

  test('leaves open whose root it is, and says that none judged', () => {
    expect(report({ context: none })).toMatchObject({
      isRootSignerMicrosoft: null,
      trustSource: null,
      issuerSha1: authority.certificate.facts.sha1,
      chain: [{ certificate: { name: 'Signer' } }, { certificate: { name: 'Authority' } }],
    });
  });
});
