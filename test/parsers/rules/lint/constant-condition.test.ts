import { describe, expect, test } from 'vitest';
import { compileKql } from '../../../../parsers/kql/compile-kql.ts';
import { constantConditions } from '../../../../parsers/rules/lint/constant-condition.ts';
import { predicatesOf } from '../../../../parsers/rules/lint/text-test.ts';
import { kustoForTests } from '../../../kusto-sources.ts';

/** The constant parts of a condition, as text. */
function constantsIn(condition: string): { text: string; constant: string; reason: string }[] {
  const query = `AgentFileCertificateInfo | where ${condition}`;
  const { root } = compileKql(kustoForTests(), query);
  return predicatesOf(root).flatMap((predicate) =>
    constantConditions(predicate).found.map(({ scalar, constant, reason }) => ({
      text: query.slice(scalar.span.start, scalar.span.start + scalar.span.length),
      constant,
      reason,
    })),
  );
}

describe('constant', () => {
  test.each([
    [
      "Signer != 'a' or Signer != 'b'",
      'always',
      'no Signer equals both "a" and "b": "and", or !in, was meant',
    ],
    [
      "Signer == 'a' and Signer == 'b'",
      'never',
      'no Signer equals both "a" and "b": "or", or in, was meant',
    ],
    [
      "Signer !in ('a', 'b') or Signer != 'c'",
      'always',
      'no Signer equals both "a" or "b" and "c": "and", or !in, was meant',
    ],
    [
      "Signer =~ 'a' and Signer =~ 'B'",
      'never',
      'no Signer equals both "a" and "B": "or", or in, was meant',
    ],
    ["Signer == 'a' or Signer != 'a'", 'always', 'it leaves nothing out'],
    ["Signer == 'A' and Signer !~ 'a'", 'never', 'no row can meet it'],
    ["Signer has 'a' or not(Signer has 'a')", 'always', 'it leaves nothing out'],
    ["Signer has 'a' and Signer !has 'a'", 'never', 'no row can meet it'],
    ["Signer has ''", 'always', 'it leaves nothing out'],
    ["Signer has_any ('', 'a')", 'always', 'it leaves nothing out'],
    ['1 == 1', 'always', 'it leaves nothing out'],
    ["'a' == 'b'", 'never', 'no row can meet it'],
    ['true', 'always', 'it leaves nothing out'],
    [
      'FileSize != 1 or FileSize != 2',
      'always',
      'no FileSize equals both "1" and "2": "and", or !in, was meant',
    ],
    [
      'IsTrusted == true and IsTrusted == false',
      'never',
      'no IsTrusted equals both "true" and "false": "or", or in, was meant',
    ],
    ["(Signer != 'a') or (FileName has 'x' or Signer != 'b')", 'always', 'it leaves nothing out'],
  ])('%s', (condition, constant, reason) => {
    const [only, ...more] = constantsIn(condition);
    expect(more).toEqual([]);
    expect(only).toMatchObject({ constant, reason });
  });

  test('a part of a condition, and that part alone is named', () => {
    const found = constantsIn(
      "Signer has 'x' and (FileName != 'a' or FileName != 'b') and IsSigned",
    );
    expect(found).toEqual([
      expect.objectContaining({ text: "FileName != 'a' or FileName != 'b'", constant: 'always' }),
    ]);
  });
});

test.each([
  ["Signer != 'a' and Signer != 'b'"],
  ["Signer == 'a' or Signer == 'b'"],
  ["Signer != 'a' or FileName != 'a'"],
  ["Signer == 'a' and Signer =~ 'A'"],
  ["Signer == 'A' or Signer !~ 'a' or Signer == 'a'"],
  ["Signer has 'a' and Signer has 'b'"],
  ["Signer has 'a' or Signer !has 'b'"],
  ['IsTrusted == true or IsTrusted == false'],
  ['not(IsTrusted) or IsTrusted'],
  ['FileSize < 5 or FileSize >= 5'],
  ["Signer startswith 'a' and Signer endswith 'b'"],
])('not constant: %s', (condition) => {
  expect(constantsIn(condition)).toEqual([]);
});

test('a condition with too many cases is not judged, and says so', () => {
  const tests = Array.from({ length: 40 }, (_, index) => `Signer has 'x${index}'`).join(' or ');
  const { root } = compileKql(kustoForTests(), `DeviceFileCertificateInfo | where ${tests}`);
  const [predicate] = predicatesOf(root);
  if (!predicate) throw new Error('there is a where above');
  const start = performance.now();
  expect(constantConditions(predicate)).toEqual({ found: [], complete: false });
  expect(performance.now() - start).toBeLessThan(2_000);
});
