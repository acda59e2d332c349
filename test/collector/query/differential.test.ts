import { expect, test } from 'vitest';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { dynamicText } from '../../../parsers/kql/dynamic-json.ts';
import { KqlError } from '../../../parsers/kql/kql-error.ts';
import type { CellValue, Plan, QueryResult } from '../../../parsers/kql/plan.ts';
import type { Relation } from '../../../parsers/kql/relation.ts';
import { kustoForTests } from '../../kusto-sources.ts';
import { PlanCoverage } from './plan-coverage.ts';
import { Random } from './random.ts';
import { randomQuery } from './random-queries.ts';
import { randomRecords } from './random-records.ts';
import { twoAnswers } from './two-answers.ts';

/** A failing query is made again by its seed: CERTSWEEP_SEED=... npx vitest run test/collector/query/differential.test.ts */
const SEED = Number(process.env.CERTSWEEP_SEED ?? 20_260_701);
/** CI asks 2,000, `npm run diff` 20,000: a query takes 25 ms, most of it in Microsoft's analysis. */
const QUERIES = Number(process.env.CERTSWEEP_QUERIES ?? (process.env.CI ? 2000 : 300));

test(`SQL says what the oracle says: ${QUERIES} generated queries, seed ${SEED}`, () => {
  const random = new Random(SEED);
  const answers = twoAnswers(randomRecords(random, 120));
  const coverage = new PlanCoverage();
  const refused: string[] = [];
  let answered = 0;
  for (let index = 0; index < QUERIES; index += 1) {
    const query = randomQuery(random);
    const plan = planOf(query);
    if (typeof plan === 'string') {
      refused.push(`${plan}\n${query}`);
      continue;
    }
    coverage.add(plan);
    const [expected, actual] = [answers.oracle(plan), answers.sql(plan)];
    const ordered = isOrdered(plan.root);
    expect(comparable(actual, ordered), `seed ${SEED}, query ${index}:\n${query}`).toEqual(
      comparable(expected, ordered),
    );
    answered += expected.rows.length > 0 ? 1 : 0;
  }
  answers.close();
  console.log(
    `seed ${SEED}: ${QUERIES} queries, ${answered} with rows; parts of plans: ${coverage}`,
  );
  // Most must compile and have rows, or the comparison says little.
  expect(refused.slice(0, 3), `${refused.length} refused`).toEqual([]);
  expect(answered).toBeGreaterThan(QUERIES / 2);
  expect(coverage.missing()).toEqual([]);
}, 3_600_000);

function planOf(query: string): Plan | string {
  try {
    return compileKql(kustoForTests(), query);
  } catch (error) {
    if (error instanceof KqlError) return String(error);
    throw error;
  }
}

/** Whether the order of the rows is part of the answer. */
function isOrdered(relation: Relation): boolean {
  switch (relation.kind) {
    case 'sort':
    case 'top':
      return true;
    case 'where':
    case 'extend':
    case 'project':
    case 'take':
    case 'materialize':
      return isOrdered(relation.input);
    default:
      return false;
  }
}

/** Rows as text; without `sort` their order means nothing, nor does that of an array's members but in `InOrder`. */
function comparable({ columns, rows }: QueryResult, ordered: boolean) {
  const lines = rows.map((row) =>
    row.map((cell, index) => cellText(cell, columns[index]?.name ?? '')).join(' | '),
  );
  return { columns, lines: ordered ? lines : lines.sort() };
}

function cellText(cell: CellValue, name: string): string {
  if (typeof cell === 'bigint') return `${cell}n`;
  if (Array.isArray(cell) && name !== 'InOrder')
    return JSON.stringify(cell.map(dynamicText).sort());
  return dynamicText(cell);
}
