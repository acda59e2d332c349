import { describe, expect, test } from 'vitest';
import { pushFilters } from '../../../collector/query/push-filters.ts';
import { restrictTime } from '../../../collector/query/restrict-time.ts';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { inputsOf, type Relation } from '../../../parsers/kql/relation.ts';
import { kustoForTests } from '../../kusto-sources.ts';

const A = 'AgentFileCertificateInfo';
const D = 'DeviceFileCertificateInfo';
const compile = (query: string) => compileKql(kustoForTests(), query);

/** The steps of a plan from its end to its tables: `project(where(table))`. */
function shape(relation: Relation): string {
  const inputs = inputsOf(relation).map(shape);
  return inputs.length > 0 ? `${relation.kind}(${inputs.join(', ')})` : relation.kind;
}

describe('a where goes to the tables', () => {
  test.each([
    [
      `union ${A}, ${D} | where Signer has 'x'`,
      'union(project(where(table)), project(where(table)))',
    ],
    [`${D} | project-rename S = Signer | where S has 'x' | count`, 'count(project(where(table)))'],
    [`${D} | extend X = tolower(Signer) | where ReportId > 1`, 'extend(where(table))'],
    [`${D} | extend X = tolower(Signer) | where X has 'x'`, 'where(extend(table))'],
    [`${D} | project X = tolower(Signer) | where X has 'x'`, 'where(project(table))'],
    [`${D} | sort by Timestamp | where IsSigned`, 'sort(where(table))'],
    [`${D} | take 5 | where IsSigned`, 'where(take(table))'],
    [`${D} | summarize N = count() by Signer | where Signer has 'x'`, 'where(summarize(table))'],
    [
      `${D} | join (${A} | extend B = 1 | where IsSigned) on SHA1`,
      'join(table, extend(where(table)))',
    ],
  ])('%s', (query, expected) => {
    expect(shape(pushFilters(compile(query).root))).toBe(expected);
  });

  test('under the name that the column has there', () => {
    const { root } = compile(`${D} | project S = Signer, R = 1 | where S has 'x' and R == 1`);
    expect(pushFilters(root)).toMatchObject({
      input: {
        predicate: {
          left: { value: { kind: 'column', name: 'Signer' } },
          right: { left: { kind: 'literal', literal: { value: '1' } } },
        },
      },
    });
  });

  test('but a long condition is not copied into many inputs', () => {
    const list = Array.from({ length: 500 }, (_, index) => index).join(',');
    const inputs = Array.from({ length: 20 }, () => D).join(',');
    const { root } = compile(`union ${inputs} | where ReportId in (${list})`);
    expect(shape(pushFilters(root))).toMatch(/^where\(union\(table/);
  });
});

test("a request's time range restricts each table of unions and joins", () => {
  const plan = compile(`union ${A}, (${D} | join kind=leftanti ${A} on SHA1)`);
  const restricted = restrictTime(plan, { from: 1n, to: 2n }).root;
  expect(shape(restricted).match(/where\(table\)/g)).toHaveLength(3);
  expect(shape(restricted).match(/table/g)).toHaveLength(3);
});
