import { describe, expect, test } from 'vitest';
import {
  contextConstructed,
  contextPrimitive,
  integer,
  sequence,
} from '../../../build/fixtures/der.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { parseCrl } from '../../../parsers/x509/crl.ts';
import { revocationFindings } from '../../../parsers/x509/revocation-findings.ts';
import { RevocationLists } from '../../../parsers/x509/revocation-lists.ts';
import { sweep } from '../sweep.ts';
import { extensionOf } from './certificate-builder.ts';
import { type CrlParts, criticalExtension, encodeCrl, issueCrl } from './crl-builder.ts';
import { issue, issueAuthorities } from './test-authority.ts';

const NOW = Date.parse('2026-11-24T00:00:00Z');
const { root, authority } = issueAuthorities();
const url = 'http://crl.invalid/a.crl';
const crlPoints = sequence(
  sequence(contextConstructed(0, contextConstructed(0, contextPrimitive(6, Buffer.from(url))))),
);
const leaf = issue('Leaf', authority, {
  serial: '00c0ffee',
  extensions: [extensionOf(OID.crlDistributionPoints, crlPoints)],
});

/** What one list by the leaf's issuer says of the leaf. */
function answer(parts: CrlParts = {}) {
  const lists = new RevocationLists([issueCrl(authority, parts)]);
  return lists.check(leaf.certificate, authority.certificate, NOW);
}

/** IssuingDistributionPoint with one BOOLEAN under this tag, or with a name. */
function distributionPoint(field: Uint8Array): Uint8Array {
  return criticalExtension(OID.issuingDistributionPoint, sequence(field));
}

const set = Uint8Array.of(0xff);
const named = (address: string) =>
  contextConstructed(0, contextConstructed(0, contextPrimitive(6, Buffer.from(address))));

describe('RevocationLists', () => {
  test('finds the entry of a certificate, with its date and reason', () => {
    const revoked = [
      { serial: '01' },
      { serial: '00c0ffee', date: '2021-02-03T04:05:06Z', reason: 1 },
    ];
    expect(answer({ revoked })).toEqual({
      status: 'revoked',
      date: '2021-02-03T04:05:06Z',
      reason: 'keyCompromise',
    });
  });

  test.each<{ name: string; parts: CrlParts; status: string }>([
    { name: 'a current list without it', parts: {}, status: 'good' },
    { name: 'a list that names no end', parts: { nextUpdate: null }, status: 'good' },
    {
      name: 'a list that has run out',
      parts: { nextUpdate: '2026-02-01T00:00:00Z' },
      status: 'not-checked',
    },
    {
      name: 'a list of the future',
      parts: { thisUpdate: '2026-12-01T00:00:00Z' },
      status: 'not-checked',
    },
    {
      name: 'a list that has run out, with it',
      parts: { nextUpdate: '2026-02-01T00:00:00Z', revoked: [{ serial: '00c0ffee' }] },
      status: 'revoked',
    },
    {
      name: 'a delta without it',
      parts: { extensions: [criticalExtension('2.5.29.27', integer('01'))] },
      status: 'not-checked',
    },
    {
      name: 'a delta that lifts its suspension',
      parts: { revoked: [{ serial: '00c0ffee', reason: 8 }] },
      status: 'good',
    },
    {
      name: 'a list of user certificates',
      parts: { extensions: [distributionPoint(contextPrimitive(1, set))] },
      status: 'good',
    },
    {
      name: 'a list of authorities',
      parts: {
        extensions: [distributionPoint(contextPrimitive(2, set))],
        revoked: [{ serial: '00c0ffee' }],
      },
      status: 'not-checked',
    },
    {
      name: 'a list of some reasons only',
      parts: { extensions: [distributionPoint(contextPrimitive(3, Uint8Array.of(5, 0x40)))] },
      status: 'not-checked',
    },
    {
      name: 'an indirect list',
      parts: {
        extensions: [distributionPoint(contextPrimitive(4, set))],
        revoked: [{ serial: '00c0ffee' }],
      },
      status: 'not-checked',
    },
    {
      name: 'the list for its distribution point',
      parts: { extensions: [distributionPoint(named(url))] },
      status: 'good',
    },
    {
      name: 'the list for another distribution point',
      parts: { extensions: [distributionPoint(named('http://crl.invalid/b.crl'))] },
      status: 'not-checked',
    },
    {
      name: 'a list with a critical extension that nobody knows',
      parts: { extensions: [criticalExtension('1.2.3.4', sequence())] },
      status: 'not-checked',
    },
  ])('says $status by $name', ({ parts, status }) => {
    expect(answer(parts).status).toBe(status);
  });

  test('does not use a list of another authority, nor one that it only claims to have made', () => {
    const forger = issue('Authority', root, { authority: true });
    const revoked = [{ serial: '00c0ffee' }];
    const lists = new RevocationLists([issueCrl(root, { revoked }), issueCrl(forger, { revoked })]);
    expect(lists.check(leaf.certificate, authority.certificate, NOW).status).toBe('not-checked');
  });

  test('does not use a list by an authority that may not make any', () => {
    const mute = issue('Mute', root, { authority: true, keyUsage: '0204' });
    const signer = issue('Leaf', mute, { serial: '77' });
    const lists = new RevocationLists([issueCrl(mute, { revoked: [{ serial: '77' }] })]);
    expect(lists.check(signer.certificate, mute.certificate, NOW).status).toBe('not-checked');
  });

  test('takes the entry where one of two lists has it', () => {
    const lists = new RevocationLists([
      issueCrl(authority),
      issueCrl(authority, { revoked: [{ serial: '00c0ffee' }] }),
    ]);
    expect(lists.check(leaf.certificate, authority.certificate, NOW).status).toBe('revoked');
  });
});

describe('revocationFindings', () => {
  const revocation = new RevocationLists([
    issueCrl(authority, { revoked: [{ serial: '00c0ffee', date: '2020-05-01T00:00:00Z' }] }),
  ]);
  test.each([
    { name: 'without a countersignature', time: undefined, level: 'error' },
    { name: 'countersigned after the revocation', time: '2020-05-02T00:00:00Z', level: 'error' },
    { name: 'countersigned at that moment', time: '2020-05-01T00:00:00Z', level: 'error' },
    { name: 'countersigned before', time: '2020-04-30T23:59:59Z', level: 'warning' },
  ])('are of level $level for a signature $name', ({ time, level }) => {
    const timestampMs = time === undefined ? undefined : Date.parse(time);
    const purpose = { revocation, timestampMs, nowMs: NOW };
    expect(revocationFindings(leaf.certificate, authority.certificate, purpose)).toMatchObject([
      { code: 'CERT_E_REVOKED', level },
    ]);
  });

  test('are none without lists', () => {
    const purpose = { revocation: undefined, timestampMs: undefined, nowMs: NOW };
    expect(revocationFindings(leaf.certificate, authority.certificate, purpose)).toEqual([]);
  });
});

describe('parseCrl', () => {
  test('reads a damaged list or throws a ParseError', () => {
    const bytes = encodeCrl(authority, {
      revoked: [{ serial: '01', reason: 4 }, { serial: '02' }],
      extensions: [distributionPoint(named(url))],
    });
    expect(sweep(bytes, parseCrl)).toBe(bytes.length * 4);
  });

  test('reads a list of many thousand entries', () => {
    const revoked = Array.from({ length: 40_000 }, (_, index) => ({
      serial: (0x100000 + index).toString(16),
      reason: 4,
    }));
    expect(parseCrl(encodeCrl(authority, { revoked })).revoked.size).toBe(40_000);
  });
});
