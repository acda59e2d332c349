import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { KqlError } from '../../../parsers/kql/kql-error.ts';
import { kustoForTests } from '../../kusto-sources.ts';

const query = readFileSync(
  path.join(import.meta.dirname, '../../../fixtures/kql/every-operator/query.kql'),
  'utf8',
);

/** Anything but a plan or a KqlError whose place is in the query fails the test. */
function outcomeOf(text: string): 'compiled' | 'refused' {
  try {
    expect(compileKql(kustoForTests(), text).version).toBe(1);
    return 'compiled';
  } catch (error) {
    if (!(error instanceof KqlError)) throw error;
    expect(error.start).toBeGreaterThanOrEqual(0);
    expect(error.start).toBeLessThanOrEqual(text.length);
    return 'refused';
  }
}

test('a query cut at any token compiles or is refused', () => {
  const cuts = [...query.matchAll(/\w+|[^\w\s]/g)].map(({ index }) => query.slice(0, index));
  const outcomes = new Set(cuts.map(outcomeOf));
  expect(outcomes).toEqual(new Set(['compiled', 'refused']));
});

test('a query without any one of its tokens compiles or is refused', () => {
  const tokens = [...query.matchAll(/\w+|[^\w\s]/g)];
  const mutants = tokens.map(
    ({ 0: token, index }) => query.slice(0, index) + query.slice(index + token.length),
  );
  expect(new Set(mutants.map(outcomeOf))).toEqual(new Set(['compiled', 'refused']));
});

test('a query with any one of its tokens replaced compiles or is refused', () => {
  const tokens = [...query.matchAll(/\w+|[^\w\s]/g)];
  const replacements = ['(', '|', "'x", 'where', 'Signer', '1', '-', '*', 'let x =', '\0'];
  const mutants = tokens.map(({ 0: token, index }, nth) => {
    const replacement = replacements[nth % replacements.length] ?? '';
    return query.slice(0, index) + replacement + query.slice(index + token.length);
  });
  expect(new Set(mutants.map(outcomeOf))).toContain('refused');
});
