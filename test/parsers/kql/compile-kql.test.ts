import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { kustoForTests } from '../../kusto-sources.ts';

const goldenFolder = path.join(import.meta.dirname, '../../../fixtures/kql');
const T = 'DeviceFileCertificateInfo';

const compile = (query: string) => compileKql(kustoForTests(), query);

describe('plans are those of fixtures/kql', () => {
  test.each(readdirSync(goldenFolder))('%s', async (name) => {
    const folder = path.join(goldenFolder, name);
    const plan = compile(readFileSync(path.join(folder, 'query.kql'), 'utf8'));
    const golden = path.join(folder, 'plan.json');
    await expect(`${JSON.stringify(plan, null, 1)}\n`).toMatchFileSnapshot(golden);
  });
});

describe('columns have the names that Kusto gives them', () => {
  test.each([
    ['summarize min(Timestamp), max(ReportId)', ['min_Timestamp', 'max_ReportId']],
    ['summarize make_set(ReportId), count()', ['set_ReportId', 'count_']],
    ['summarize dcount(SHA1), dcount(tolower(SHA1))', ['dcount_SHA1', 'dcount_']],
    ['summarize count(), count()', ['count_', 'count_1']],
    ['summarize count() by tolower(Signer), DeviceId', ['Column1', 'DeviceId', 'count_']],
    ['summarize by Signer, Day = Timestamp', ['Signer', 'Day']],
    [
      'project Signer, now(), A = ReportId + 1, ReportId + 2',
      ['Signer', 'Column1', 'A', 'Column2'],
    ],
    ['project Signer | extend Signer = 1, ago(1d), B = 2', ['Signer', 'Column1', 'B']],
    ['distinct Signer, tolower(Signer)', ['Signer', 'Column1']],
    ['project Signer, ReportId | distinct *', ['Signer', 'ReportId']],
    ['project ["two words"] = Signer | where ["two words"] has "x"', ['two words']],
    ['count', ['Count']],
  ])('%s', (operators, names) => {
    const { root } = compile(`${T} | ${operators}`);
    expect(root.columns.map(({ name }) => name)).toEqual(names);
  });

  test('a column that extend replaces keeps its place and changes its type', () => {
    const { root } = compile(`${T} | project Signer, ReportId | extend Signer = 1`);
    expect(root.columns).toEqual([
      { name: 'Signer', type: 'long' },
      { name: 'ReportId', type: 'long' },
    ]);
  });
});

describe('sort', () => {
  test.each([
    ['sort by Timestamp', { descending: true, nullsFirst: false }],
    ['order by Timestamp desc', { descending: true, nullsFirst: false }],
    ['sort by Timestamp asc', { descending: false, nullsFirst: true }],
    ['sort by Timestamp asc nulls last', { descending: false, nullsFirst: false }],
    ['sort by Timestamp nulls first', { descending: true, nullsFirst: true }],
    ['top 3 by Timestamp', { descending: true, nullsFirst: false }],
    ['top 3 by Timestamp asc', { descending: false, nullsFirst: true }],
  ])('%s', (operator, key) => {
    const { root } = compile(`${T} | ${operator}`);
    expect(root).toMatchObject({ keys: [key] });
  });
});

test('a let is compiled where it is used, and its span is at the let', () => {
  const { root } = compile(
    `let Vendor = 'glavsoft';\nlet Term = Vendor;\n${T} | where Signer has Term`,
  );
  expect(root).toMatchObject({
    predicate: { needles: [{ literal: { value: 'glavsoft' }, span: { start: 13, length: 10 } }] },
  });
});

test('a let may stand for a table, over several steps', () => {
  const { root } = compile(
    `let Signed = ${T} | where IsSigned;\nlet Few = (Signed | take 5);\nFew | count`,
  );
  expect(root).toMatchObject({
    kind: 'count',
    input: { kind: 'take', count: 5, input: { kind: 'where', input: { kind: 'table', table: T } } },
  });
});

test('the row count of take may be a let', () => {
  expect(compile(`let n = 7; ${T} | take n`).root).toMatchObject({ kind: 'take', count: 7 });
});

test('make_set keeps its own cap', () => {
  expect(compile(`${T} | summarize make_set(ReportId, 10)`).root).toMatchObject({
    aggregates: [{ aggregate: 'make_set', maxSize: 10 }],
  });
});

describe('render is a hint beside the rows', () => {
  test.each([
    [`${T} | count | render card`, { visualization: 'card', properties: {} }],
    [
      `${T} | render timechart with (title='Files seen', xcolumn=Timestamp, ysplit=axes)`,
      {
        visualization: 'timechart',
        properties: { title: 'Files seen', xcolumn: 'Timestamp', ysplit: 'axes' },
      },
    ],
    [
      `${T} | render barchart kind=stacked`,
      { visualization: 'barchart', properties: { kind: 'stacked' } },
    ],
  ])('%s', (query, render) => {
    expect(compile(query).render).toEqual(render);
  });

  test('a query without it has none', () => {
    expect(compile(T)).not.toHaveProperty('render');
  });
});
