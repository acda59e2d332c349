import { describe, expect, test } from 'vitest';
import { compilePacks, compilePlans } from '../../../build/compile-rules.ts';
import { compiledPlans } from '../../../collector/hunt/compiled-plans.ts';
import { type FileCertificateRecord, recordColumns } from '../../../parsers/record/columns.ts';
import { builtInRules } from '../../../parsers/rules/built-in-rules.ts';
import { compileRule } from '../../../parsers/rules/compile-rule.ts';
import { rulesDigest } from '../../../parsers/rules/compiled-rule.ts';
import { flaggedBy, flagger } from '../../../parsers/rules/flagger.ts';
import type { HuntingRule } from '../../../parsers/rules/hunting-rule.ts';
import { kustoForTests } from '../../kusto-sources.ts';

const TIGHTVNC = '18f7c17b-65d4-4263-b9e2-587e84233989';
const NOW = 639_100_000_000_000_000n;

const nulls = Object.fromEntries(Object.keys(recordColumns).map((name) => [name, null]));
const record = (fields: Partial<FileCertificateRecord>): FileCertificateRecord => ({
  ...(nulls as FileCertificateRecord),
  IsSigned: true,
  ...fields,
});
const ruleOf = (query: string): HuntingRule => ({
  id: 'r',
  name: 'r',
  description: '',
  kind: 'hunting',
  dataTypes: [],
  tactics: [],
  techniques: [],
  query,
});

test('compiled-rules.ts is what the packs compile to (npm run rules)', () => {
  expect(builtInRules).toEqual(compilePacks(kustoForTests()));
});

test("compiled-plans.ts is what the packs' whole queries compile to (npm run rules)", () => {
  expect(compiledPlans).toEqual(compilePlans(kustoForTests()));
});

describe('built-in rules flag', () => {
  test.each([
    ['GlavSoft of 2011', { Signer: 'GlavSoft LLC.' }, [TIGHTVNC]],
    ['GlavSoft of 2020', { Signer: 'GLAVSOFT, OOO' }, [TIGHTVNC]],
    [
      'a tampered file: the signer is what the rule asks for',
      { Signer: 'GlavSoft LLC', IsTrusted: false },
      [TIGHTVNC],
    ],
    ['no unsigned file', { Signer: 'GlavSoft LLC', IsSigned: false }, []],
    ['no file without a signer', { Signer: null }, []],
    ['no longer word', { Signer: 'GlavsoftX Ltd' }, []],
    ['no re-signed file', { Signer: 'TECHSERIO', CompanyName: 'GlavSoft LLC.' }, []],
  ])('%s', (_name, fields, ids) => {
    expect(flaggedBy(record(fields), builtInRules, NOW)).toEqual(ids);
  });
});

describe('a rule sees a record as the collector will', () => {
  const T = 'DeviceFileCertificateInfo';
  test.each([
    [
      'datetimes',
      `${T} | where CertificateExpirationTime < now()`,
      { CertificateExpirationTime: '2011-01-01T00:00:00Z' },
      true,
    ],
    [
      'datetimes of the future',
      `${T} | where CertificateExpirationTime < now()`,
      { CertificateExpirationTime: '2099-01-01T00:00:00Z' },
      false,
    ],
    ['longs', `${T} | where ReportId == 7`, { ReportId: 7 }, true],
    ['bools', `${T} | where IsTrusted == 0`, { IsTrusted: false }, true],
    ['what is not judged', `${T} | where IsTrusted == 0`, { IsTrusted: null }, false],
    [
      'its own time where time is mixed with more',
      `${T} | where TimeGenerated > ago(5d) or Signer has 'x'`,
      { Timestamp: '1999-01-01T00:00:00Z' },
      false,
    ],
  ])('%s', (_name, query, fields, isFlagged) => {
    const rule = compileRule(kustoForTests(), ruleOf(query));
    expect(flagger([rule], NOW)(record(fields))).toEqual(isFlagged ? ['r'] : []);
  });

  test('a rule about another table never flags', () => {
    const rule = compileRule(kustoForTests(), ruleOf('AgentFileCertificateInfo | where IsSigned'));
    expect(rule).not.toHaveProperty('predicate');
    expect(flaggedBy(record({}), [rule], NOW)).toEqual([]);
  });
});

test('the digest of a set of rules does not depend on their order', () => {
  const [a, b] = [
    "DeviceFileCertificateInfo | where Signer has 'a'",
    'DeviceFileCertificateInfo',
  ].map((query) => compileRule(kustoForTests(), ruleOf(query)));
  if (!a || !b) throw new Error('two rules are made above');
  expect(rulesDigest([a, b])).toBe(rulesDigest([b, a]));
  expect(rulesDigest([a])).not.toBe(rulesDigest([b]));
});
