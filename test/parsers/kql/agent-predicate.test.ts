import { describe, expect, test } from 'vitest';
import { agentPredicate } from '../../../parsers/kql/agent-predicate.ts';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { kustoForTests } from '../../kusto-sources.ts';

const T = 'DeviceFileCertificateInfo';

/** The text of the conditions that an agent judges, as the query has them. */
function conditionsOf(query: string): string[] | undefined {
  const predicate = agentPredicate(compileKql(kustoForTests(), query));
  if (!predicate) return undefined;
  const texts: string[] = [];
  let rest = predicate;
  while (rest.kind === 'and') {
    texts.unshift(
      query.slice(rest.right.span.start, rest.right.span.start + rest.right.span.length),
    );
    rest = rest.left;
  }
  return [query.slice(rest.span.start, rest.span.start + rest.span.length), ...texts];
}

describe('agentPredicate', () => {
  test.each([
    ['one condition', `${T} | where Signer has 'a'`, ["Signer has 'a'"]],
    [
      'time is dropped',
      `${T} | where Timestamp > ago(5d) | where Signer has 'a'`,
      ["Signer has 'a'"],
    ],
    [
      'time within `and` is dropped, under either name',
      `${T} | where Signer has 'a' and TimeGenerated > ago(5d) and IsSigned`,
      ["Signer has 'a'", 'IsSigned'],
    ],
    [
      'several steps are one condition',
      `${T} | where Signer has 'a' | where Issuer has 'b' or IsTrusted`,
      ["Signer has 'a'", "Issuer has 'b' or IsTrusted"],
    ],
    [
      'a condition that mixes time with a column stays',
      `${T} | where Timestamp > ago(5d) or Signer has 'a'`,
      ["Timestamp > ago(5d) or Signer has 'a'"],
    ],
    [
      'what comes after another step is left to the collector',
      `${T} | where Signer has 'a' | summarize N = count() by DeviceId | where N > 3`,
      ["Signer has 'a'"],
    ],
    ['nothing but time', `${T} | where Timestamp > ago(5d)`, undefined],
    ['no condition', `${T} | count`, undefined],
    ['a condition after another step only', `${T} | take 5 | where Signer has 'a'`, undefined],
    ['another table', "AgentFileCertificateInfo | where Signer has 'a'", undefined],
  ])('%s', (_name, query, expected) => {
    expect(conditionsOf(query)).toEqual(expected);
  });
});
