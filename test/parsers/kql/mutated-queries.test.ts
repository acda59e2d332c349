import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { KqlError } from '../../../parsers/kql/kql-error.ts';
import { PLAN_VERSION } from '../../../parsers/kql/plan.ts';
import { kustoForTests } from '../../kusto-sources.ts';

const query = readFileSync(
  path.join(import.meta.dirname, '../../../fixtures/kql/every-operator/query.kql'),
  'utf8',
);

/** Anything but a plan or a KqlError whose place is in the query fails the test. */
function outcomeOf(text: string): 'compiled' | 'refused' {
  try {
    expect(compileKql(kustoForTests(), text).version).toBe(PLAN_VERSION);
    return 'compiled';
  } catch (error) {
    if (!(error instanceof KqlError)) throw error;
    expect(error.start).toBeGreaterThanOrEqual(0);
    expect(error.start).toBeLessThanOrEqual(text.length);
    return 'refused';
  }
}

/** Every third token: an analysis takes 10 to 20 ms. */
const tokens = [...query.matchAll(/\w+|[^\w\s]/g)].filter((_token, nth) => nth % 3 === 0);

test('a query cut at a token compiles or is refused', () => {
  const cuts = tokens.map(({ index }) => query.slice(0, index));
  expect(new Set(cuts.map(outcomeOf))).toEqual(new Set(['compiled', 'refused']));
});

test('a query with a token replaced compiles or is refused', () => {
  const replacements = ['(', '|', "'x", 'where', 'Signer', '1', '-', '*', 'let x =', '\0'];
  const mutants = tokens.map(({ 0: token, index }, nth) => {
    const replacement = replacements[nth % replacements.length] ?? '';
    return query.slice(0, index) + replacement + query.slice(index + token.length);
  });
  expect(new Set(mutants.map(outcomeOf))).toContain('refused');
});
