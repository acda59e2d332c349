import { describe, expect, test } from 'vitest';
import { octetString } from '../../../build/fixtures/der.ts';
import { readSignatures } from '../../../parsers/authenticode/read-signatures.ts';
import type { DigestAlgorithm } from '../../../parsers/authenticode/signature-report.ts';
import { verifySignature } from '../../../parsers/authenticode/verify-signature.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { rootSet } from '../../../parsers/x509/root-set.ts';
import { attributeOf } from '../cms/signer-info-builder.ts';
import { ecdsaSha256, issue } from '../x509/test-authority.ts';
import { buildSignature, imageSha256, tableOf } from './signature-builder.ts';
import { identifierOf } from './timestamp-builder.ts';
import {
  anchors,
  authority,
  type Case,
  context,
  expired,
  inTime,
  outcome,
  report,
  root,
  trusted,
  tsaRoot,
  untrusted,
} from './trust-case.ts';

describe('a signature with roots at hand', () => {
  test('is trusted, and its report has the chain down from the root', () => {
    expect(report({ timestamps: [inTime] })).toMatchObject({
      status: 'Trusted',
      isTrusted: true,
      findings: [],
      chain: [
        { certificate: { name: 'Signer' }, findings: [] },
        { certificate: { name: 'Authority' }, findings: [] },
        { certificate: { name: 'Root' }, findings: [] },
      ],
      issuerSha1: authority.certificate.facts.sha1,
      isRootSignerMicrosoft: false,
      trustSource: 'test roots',
      revocationStatus: 'not-checked',
      counterSignatures: [
        {
          kind: 'rfc3161',
          time: '2018-06-01T10:00:00Z',
          signer: 'TSA',
          chain: [{ certificate: { name: 'TSA' } }, { certificate: { name: 'TSA Root' } }],
        },
      ],
    });
  });

  test('names the issuer from the roots where it is not embedded', () => {
    const issuer = issue('Root', undefined, { authority: true });
    const roots = { ...anchors, codeSigning: rootSet([issuer.certificate]) };
    const leaf = issue('Signer', issuer);
    const content = buildSignature({
      signer: identifierOf(leaf),
      certificates: [leaf.certificate.encoded],
      sign: (bytes) => ecdsaSha256.sign(bytes, leaf.key),
    });
    const [signature] = readSignatures(tableOf(content)).signatures;
    if (signature === undefined) expect.fail('no signature was read');
    const digests: ReadonlyMap<DigestAlgorithm, string> = new Map([['sha256', imageSha256]]);
    const found = verifySignature(signature, 0, digests, { ...context, anchors: roots });
    expect(found).toMatchObject({
      status: 'Trusted',
      issuerSha1: issuer.certificate.facts.sha1,
    });
  });

  test.each<{ name: string; given: Case; expected: object }>([
    {
      name: 'an expired leaf and no countersignature',
      given: { leaf: expired },
      expected: untrusted('CERT_E_EXPIRED'),
    },
    {
      name: 'an expired leaf and an RFC 3161 timestamp in its time',
      given: { leaf: expired, timestamps: [inTime] },
      expected: trusted,
    },
    {
      name: 'an expired leaf and a PKCS#9 countersignature in its time',
      given: { leaf: expired, timestamps: [{ ...inTime, kind: 'pkcs9' }] },
      expected: trusted,
    },
    {
      name: 'an expired leaf and a timestamp after its end',
      given: { leaf: expired, timestamps: [{ ...inTime, time: '2019-05-02T00:00:00Z' }] },
      expected: untrusted('CERT_E_EXPIRED'),
    },
    {
      name: 'a valid leaf and a timestamp from before it was issued',
      given: { leaf: { from: '2020-01-01T00:00:00Z' }, timestamps: [inTime] },
      expected: untrusted('CERT_E_EXPIRED'),
    },
    {
      name: 'an expired lifetime-signing leaf and a timestamp in its time',
      given: {
        leaf: { ...expired, extendedKeyUsage: [OID.codeSigning, OID.lifetimeSigning] },
        timestamps: [inTime],
      },
      expected: untrusted('CERT_E_EXPIRED'),
    },
    {
      name: 'a valid lifetime-signing leaf',
      given: { leaf: { extendedKeyUsage: [OID.codeSigning, OID.lifetimeSigning] } },
      expected: trusted,
    },
    {
      name: 'a timestamp by a certificate that has expired since',
      given: {
        timestamps: [
          {
            ...inTime,
            by: issue('TSA', tsaRoot, { ...expired, extendedKeyUsage: [OID.timeStamping] }),
          },
        ],
      },
      expected: trusted,
    },
    {
      name: 'a timestamp by a certificate that had expired then',
      given: {
        timestamps: [
          {
            ...inTime,
            by: issue('TSA', tsaRoot, {
              to: '2018-01-01T00:00:00Z',
              extendedKeyUsage: [OID.timeStamping],
            }),
          },
        ],
      },
      expected: untrusted('TRUST_E_COUNTER_SIGNER'),
    },
    {
      name: 'a timestamp by a code signer',
      given: {
        timestamps: [
          { ...inTime, by: issue('Signer 2', tsaRoot, { extendedKeyUsage: [OID.codeSigning] }) },
        ],
      },
      expected: untrusted('TRUST_E_COUNTER_SIGNER'),
    },
    {
      name: 'a timestamp under a root that is trusted for code alone',
      given: {
        timestamps: [
          { ...inTime, by: issue('TSA', root, { extendedKeyUsage: [OID.timeStamping] }) },
        ],
      },
      expected: untrusted('TRUST_E_COUNTER_SIGNER'),
    },
    {
      name: 'a timestamp for another signature',
      given: { timestamps: [{ ...inTime, covers: Buffer.from('another') }] },
      expected: untrusted('TRUST_E_COUNTER_SIGNER'),
    },
    {
      name: 'a countersignature of another signature',
      given: { timestamps: [{ ...inTime, kind: 'pkcs9', covers: Buffer.from('another') }] },
      expected: untrusted('TRUST_E_COUNTER_SIGNER'),
    },
    {
      name: 'an expired leaf and a timestamp whose own signature is wrong',
      given: { leaf: expired, timestamps: [{ ...inTime, signs: Buffer.from('another') }] },
      expected: untrusted('TRUST_E_COUNTER_SIGNER', 'CERT_E_EXPIRED'),
    },
    {
      name: 'a countersignature whose certificate is not in the file',
      given: { certificates: [], timestamps: [{ ...inTime, kind: 'pkcs9' }] },
      expected: untrusted('TRUST_E_COUNTER_SIGNER'),
    },
    {
      name: 'a timestamp that cannot be read',
      given: {
        unsignedAttributes: [attributeOf(OID.rfc3161Timestamp, octetString(Buffer.from('x')))],
      },
      expected: untrusted('TRUST_E_TIME_STAMP'),
    },
    {
      name: 'a TLS certificate',
      given: { leaf: { extendedKeyUsage: [OID.serverAuth] } },
      expected: untrusted('CERT_E_WRONG_USAGE'),
    },
    {
      name: 'another file',
      given: { image: 'another image' },
      expected: {
        status: 'HashMismatch',
        isTrusted: false,
        findings: ['TRUST_E_BAD_DIGEST', 'SIGNATURE_OF_ANOTHER_FILE'],
      },
    },
    {
      name: 'another file, by a leaf that has expired',
      given: { image: 'another image', leaf: expired },
      expected: {
        status: 'HashMismatch',
        isTrusted: false,
        findings: ['TRUST_E_BAD_DIGEST', 'CERT_E_EXPIRED'],
      },
    },
  ])('is judged right with $name', ({ given, expected }) => {
    expect(outcome(given)).toEqual(expected);
  });

  test('says what a wrong countersignature is about, in one finding a fault', () => {
    const { findings } = report({ timestamps: [{ ...inTime, covers: Buffer.from('another') }] });
    expect(findings).toHaveLength(1);
    expect(findings[0]?.detail).toMatch(
      /^RFC 3161 timestamp by TSA: it is for another signature: its messageImprint is not sha256 [0-9a-f]{64}$/,
    );
  });
});
