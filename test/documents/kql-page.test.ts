import { afterAll, describe, expect, test } from 'vitest';
import { aggregates } from '../../parsers/kql/aggregates.ts';
import { compileKql } from '../../parsers/kql/compile-kql.ts';
import {
  MAX_BRACKET_DEPTH,
  MAX_PLAN_NODES,
  MAX_QUERY_LENGTH,
  MAX_QUERY_TOKENS,
  MAX_TREE_DEPTH,
} from '../../parsers/kql/query-limits.ts';
import { tables } from '../../parsers/record/columns.ts';
import { twoAnswers } from '../collector/query/two-answers.ts';
import { record } from '../collector/records.ts';
import { kustoForTests } from '../kusto-sources.ts';
import { blocksOf, textOf } from './tried-blocks.ts';

describe('docs/kql.md', () => {
  const text = textOf('kql.md');
  const answers = twoAnswers(
    [1, 2].map((hour) =>
      record({
        Timestamp: `2026-07-01T0${hour * 2}:00:00Z`,
        DeviceName: 'host',
        Signer: 'GlavSoft LLC.',
        FileName: 'tvnserver.exe',
        SHA1: '01',
        FileSize: 1_500_000,
        IsTrusted: true,
        ReportId: hour,
      }),
    ),
  );
  afterAll(() => answers.close());

  test.each(blocksOf('kql.md', 'kusto'))('has an example with an answer: %s', (query) => {
    const plan = compileKql(kustoForTests(), query);
    const { rows } = answers.sql(plan);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toEqual(answers.oracle(plan).rows);
  });

  test.each([...Object.keys(tables), ...Object.keys(aggregates)])('names %s', (name) => {
    expect(text).toContain(`\`${name}\``);
  });

  test('tells the limits of a query', () => {
    const limits = [MAX_QUERY_LENGTH, MAX_QUERY_TOKENS, MAX_BRACKET_DEPTH];
    for (const limit of [...limits, MAX_TREE_DEPTH, MAX_PLAN_NODES])
      expect(text).toContain(` ${limit.toLocaleString('en-US')} `);
  });
});
