import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { restrictionFindings } from '../../../parsers/x509/restriction-findings.ts';
import {
  parseRootRestrictions,
  type RootRestriction,
} from '../../../parsers/x509/root-restrictions.ts';
import type { CertificateUsage } from '../../../parsers/x509/trust-anchors.ts';
import { haveShared, sharedFolder } from '../../corpus.ts';
import { issue } from './test-authority.ts';

const thumbprint = 'e12dfb4b41d7d9c32b30514bac1d81d8385e2d46';
const root = issue('Root').certificate;

function findings(
  restriction: RootRestriction | undefined,
  { usage = 'code_signing' as CertificateUsage, at = '2022-06-01', leafFrom = '2018-06-01' } = {},
): string[] {
  const leaf = issue('Leaf', undefined, { from: `${leafFrom}T00:00:00Z` }).certificate;
  const purpose = { usage, verificationMs: Date.parse(at) };
  return restrictionFindings(root, leaf, restriction, purpose).map(({ code }) => code);
}

describe('parseRootRestrictions', () => {
  test('reads every limit of a root under its thumbprint in lower case', () => {
    const text = JSON.stringify({
      source: 'the list of 2026-04-22',
      roots: {
        [thumbprint.toUpperCase()]: {
          name: 'Root',
          usages: ['code_signing'],
          not_before: '2021-04-01',
          not_before_usages: ['code_signing'],
          disallowed_from: '2023-02-01',
          disallowed_usages: ['time_stamping'],
        },
      },
    });
    expect(parseRootRestrictions(text)).toEqual(
      new Map([
        [
          thumbprint,
          {
            usages: ['code_signing'],
            notBefore: '2021-04-01',
            notBeforeUsages: ['code_signing'],
            disallowedFrom: '2023-02-01',
            disallowedUsages: ['time_stamping'],
          },
        ],
      ]),
    );
  });

  test.each([
    { name: 'what is no JSON', text: '{' },
    { name: 'an array', text: '[]' },
    { name: 'a file without roots', text: '{}' },
    { name: 'a key that is no thumbprint', text: '{"roots":{"e12d":{}}}' },
    { name: 'a limit that it does not know', roots: { disallowed_until: '2023-02-01' } },
    { name: 'a date that is none', roots: { not_before: '2021-13-01' } },
    { name: 'a date that is a number', roots: { disallowed_from: 1612137600 } },
    { name: 'a usage outside an array', roots: { usages: 'code_signing' } },
  ])('refuses $name', ({ text, roots }) => {
    const input = text ?? JSON.stringify({ roots: { [thumbprint]: roots } });
    expect(() => parseRootRestrictions(input)).toThrow(
      expect.objectContaining({ name: 'ParseError', code: 'bad-value' }),
    );
  });

  test.skipIf(!haveShared())('reads the list that goes with the shared roots', () => {
    const file = path.join(sharedFolder, 'roots', 'root-restrictions.json');
    const restrictions = parseRootRestrictions(readFileSync(file, 'utf8'));
    expect(restrictions.size).toBe(370);
    expect(restrictions.get(thumbprint)).toEqual({
      usages: ['code_signing', 'microsoft_efs', 'time_stamping'],
      disallowedFrom: '2023-02-01',
      notBefore: '2021-04-01',
    });
  });
});

describe('restrictionFindings', () => {
  const distrust = ['TRUST_E_EXPLICIT_DISTRUST'];

  test.each<{ name: string; restriction: RootRestriction | undefined }>([
    { name: 'no limit', restriction: undefined },
    { name: 'an empty limit', restriction: {} },
    {
      name: 'the usage among those allowed',
      restriction: { usages: ['email_protection', 'code_signing'] },
    },
    { name: 'a leaf issued in time', restriction: { notBefore: '2018-06-02' } },
    {
      name: 'a later leaf, but for another usage',
      restriction: { notBefore: '2018-06-01', notBeforeUsages: ['server_auth'] },
    },
    { name: 'a signature made in time', restriction: { disallowedFrom: '2022-06-02' } },
    {
      name: 'a later signature, but for another usage',
      restriction: { disallowedFrom: '2022-06-01', disallowedUsages: ['time_stamping'] },
    },
    { name: 'another usage disallowed', restriction: { disallowedUsages: ['time_stamping'] } },
  ])('trusts with $name', ({ restriction }) => {
    expect(findings(restriction)).toEqual([]);
  });

  test.each<{ name: string; restriction: RootRestriction; code: string[] }>([
    {
      name: 'a usage that is not among those allowed',
      restriction: { usages: ['time_stamping'] },
      code: ['CERT_E_WRONG_USAGE'],
    },
    {
      name: 'a leaf issued on the very day',
      restriction: { notBefore: '2018-06-01' },
      code: distrust,
    },
    {
      name: 'a later leaf for this usage',
      restriction: { notBefore: '2018-05-01', notBeforeUsages: ['code_signing'] },
      code: distrust,
    },
    {
      name: 'a signature made on the very day',
      restriction: { disallowedFrom: '2022-06-01' },
      code: distrust,
    },
    {
      name: 'a later signature for this usage',
      restriction: { disallowedFrom: '2022-05-31', disallowedUsages: ['code_signing'] },
      code: distrust,
    },
    {
      name: 'this usage disallowed at any time',
      restriction: { disallowedUsages: ['code_signing'] },
      code: distrust,
    },
    {
      name: 'two limits at once',
      restriction: { usages: [], disallowedFrom: '2016-04-19' },
      code: ['CERT_E_WRONG_USAGE', ...distrust],
    },
  ])('does not trust with $name', ({ restriction, code }) => {
    expect(findings(restriction)).toEqual(code);
  });

  test('judges a time stamper by the usage time_stamping', () => {
    const restriction = { disallowedFrom: '2022-06-01', disallowedUsages: ['time_stamping'] };
    expect(findings(restriction, { usage: 'time_stamping' })).toEqual(distrust);
    expect(findings(restriction, { usage: 'time_stamping', at: '2022-05-31' })).toEqual([]);
  });
});
