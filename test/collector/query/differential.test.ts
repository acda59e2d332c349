import { afterAll, describe, expect, test } from 'vitest';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { dynamicText } from '../../../parsers/kql/dynamic-json.ts';
import type { CellValue, QueryResult } from '../../../parsers/kql/plan.ts';
import { kustoForTests } from '../../kusto-sources.ts';
import { Random } from './random.ts';
import { randomQuery } from './random-queries.ts';
import { randomRecords } from './random-records.ts';
import { twoAnswers } from './two-answers.ts';

const SEED = Number(process.env.CERTSWEEP_SEED ?? 20_260_701);
const QUERIES = 150;

describe(`SQL says what the oracle says, seed ${SEED}`, () => {
  const random = new Random(SEED);
  const answers = twoAnswers(randomRecords(random, 120));
  afterAll(() => answers.close());

  test(`${QUERIES} generated queries`, () => {
    let answered = 0;
    const refused: string[] = [];
    for (let index = 0; index < QUERIES; index += 1) {
      const query = randomQuery(random);
      let plan: ReturnType<typeof compileKql>;
      try {
        plan = compileKql(kustoForTests(), query);
      } catch (error) {
        refused.push(String(error));
        continue;
      }
      const expected = answers.oracle(plan);
      const actual = answers.sql(plan);
      const ordered = /\| sort by/.test(query);
      expect(comparable(actual, ordered), `seed ${SEED}, query ${index}:\n${query}`).toEqual(
        comparable(expected, ordered),
      );
      answered += expected.rows.length > 0 ? 1 : 0;
    }
    // Most must compile and have rows, or the comparison says little.
    expect(refused.slice(0, 3), `${refused.length} refused`).toEqual([]);
    expect(answered).toBeGreaterThan(QUERIES / 2);
  });
});

/** Rows as text; without `sort` their order, and always the order of a set's members, means nothing. */
function comparable({ columns, rows }: QueryResult, ordered: boolean) {
  const lines = rows.map((row) => row.map(cellText).join(' | '));
  return { columns, lines: ordered ? lines : lines.sort() };
}

function cellText(cell: CellValue): string {
  if (typeof cell === 'bigint') return `${cell}n`;
  if (Array.isArray(cell)) return JSON.stringify(cell.map(dynamicText).sort());
  return dynamicText(cell);
}
