import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerKqlFunctions } from '../../../collector/store/sqlite/kql-functions.ts';
import { openForWriting } from '../../../collector/store/sqlite/open-database.ts';
import { QueryGuard } from '../../../collector/store/sqlite/query-guard.ts';
import { runQuery } from '../../../collector/store/sqlite/run-query.ts';
import { DEFAULT_QUERY_LIMITS, type QueryLimits } from '../../../collector/store/store.ts';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import type { CellValue, QueryResult } from '../../../parsers/kql/plan.ts';
import { runPlan } from '../../kql-oracle/run-plan.ts';
import { kustoForTests } from '../../kusto-sources.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-relations-'));
const guard = new QueryGuard(() => false);
let db: DatabaseSync;

beforeAll(() => {
  db = openForWriting(folder);
  registerKqlFunctions(db, guard);
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

/** The example tables of Kusto's documentation, "The join operator", with a null key on each side. */
const XY = `let X = datatable(Key:string, Value1:long) ['a',1, 'b',2, 'b',3, 'c',4];
let Y = datatable(Key:string, Value2:long) ['b',10, 'c',20, 'c',30, 'd',40];
let L = datatable(Id:long, A:string) [1,'one', 2,'two', long(null),'none'];
let R = datatable(Id:long, A:string, B:bool) [2,'zwei',true, 3,'drei',false, long(null),'nichts',true];
`;

const plans = (query: string) => compileKql(kustoForTests(), XY + query);
const bySql = (query: string, limits: QueryLimits = DEFAULT_QUERY_LIMITS) =>
  runQuery(db, plans(query), 0n, limits, guard);

function lines({ columns, rows }: QueryResult): readonly string[] {
  const text = (cell: CellValue) =>
    typeof cell === 'bigint' ? String(cell) : JSON.stringify(cell).replaceAll('"', "'");
  return [columns.map(({ name }) => name).join(' '), ...rows.map((row) => row.map(text).join(' '))];
}

/** The answer's columns, then its rows in any order: the same of SQL, of the oracle and of the documentation. */
function check(query: string, [head = '', ...rows]: readonly string[]): void {
  for (const answer of [bySql(query), runPlan(plans(query), {}, 0n)]) {
    const [names, ...found] = lines(answer);
    expect([names, ...found.sort()]).toEqual([head, ...rows.toSorted()]);
  }
}

describe('join', () => {
  test.each<[string, readonly string[]]>([
    [
      'X | join kind=inner Y on Key',
      ['Key Value1 Key1 Value2', "'b' 2 'b' 10", "'b' 3 'b' 10", "'c' 4 'c' 20", "'c' 4 'c' 30"],
    ],
    [
      'X | where Value1 != 3 | join Y on Key',
      ['Key Value1 Key1 Value2', "'b' 2 'b' 10", "'c' 4 'c' 20", "'c' 4 'c' 30"],
    ],
    ['X | join Y on Key | summarize N = count() by Key', ['Key N', "'b' 1", "'c' 2"]],
    ['X | join kind=leftanti Y on Key', ['Key Value1', "'a' 1"]],
    ['X | join kind=rightanti Y on Key', ['Key Value2', "'d' 40"]],
    ['X | join kind=leftsemi Y on Key', ['Key Value1', "'b' 2", "'b' 3", "'c' 4"]],
    ['X | join kind=rightsemi Y on Key', ['Key Value2', "'b' 10", "'c' 20", "'c' 30"]],
    [
      'X | join kind=leftouter Y on Key',
      [
        'Key Value1 Key1 Value2',
        ...["'a' 1 '' null", "'b' 2 'b' 10", "'b' 3 'b' 10", "'c' 4 'c' 20", "'c' 4 'c' 30"],
      ],
    ],
    [
      'X | join kind=rightouter hint.strategy=broadcast Y on Key',
      [
        'Key Value1 Key1 Value2',
        ...["'b' 2 'b' 10", "'b' 3 'b' 10", "'c' 4 'c' 20", "'c' 4 'c' 30", "'' null 'd' 40"],
      ],
    ],
    [
      'X | join kind=fullouter Y on $left.Key == $right.Key',
      [
        'Key Value1 Key1 Value2',
        ...["'a' 1 '' null", "'b' 2 'b' 10", "'b' 3 'b' 10", "'c' 4 'c' 20", "'c' 4 'c' 30"],
        "'' null 'd' 40",
      ],
    ],
    [
      'L | join kind=fullouter R on Id',
      [
        'Id A Id1 A1 B',
        "1 'one' null '' null",
        "2 'two' 2 'zwei' true",
        "null 'none' null '' null",
        "null '' 3 'drei' false",
        "null '' null 'nichts' true",
      ],
    ],
    ['L | join kind=leftanti R on Id', ['Id A', "1 'one'", "null 'none'"]],
    ['L | join kind=leftsemi R on Id | where A != ""', ['Id A', "2 'two'"]],
    [
      'X | join kind=inner (X | extend Value1 = Value1 + 1) on Key, Value1',
      ['Key Value1 Key1 Value11', "'b' 3 'b' 3"],
    ],
    [
      'X | join kind=inner (Y | project K = Key, Value2) on $left.Key == $right.K | project Value2 | sort by Value2 asc | take 2',
      ['Value2', '10', '10'],
    ],
    [
      'X | lookup Y on Key',
      ['Key Value1 Value2', "'a' 1 null", "'b' 2 10", "'b' 3 10", "'c' 4 20", "'c' 4 30"],
    ],
    ['L | lookup kind=inner R on Id', ['Id A A1 B', "2 'two' 'zwei' true"]],
    [
      'L | lookup (R | project No = Id, B) on $left.Id == $right.No',
      ['Id A B', "1 'one' null", "2 'two' true", "null 'none' null"],
    ],
  ])('%s', check);
});

describe('union', () => {
  test.each<[string, readonly string[]]>([
    ['union X, X | count', ['Count', '8']],
    [
      'L | union (R | project-away B)',
      ['Id A', "1 'one'", "2 'two'", "null 'none'", "2 'zwei'", "3 'drei'", "null 'nichts'"],
    ],
    [
      'union kind=outer (X | take 0), (Y | where Key == "d"), (print Other = true)',
      ['Key Value1 Value2 Other', "'d' null 40 null", "'' null null true"],
    ],
    ['union (print A = 1), (print A = "x")', ['A_long A_string', "1 ''", "null 'x'"]],
    ['union withsource=T AgentSweepInfo, AgentContactInfo | project T', ['T']],
    [
      'union kind=inner X, (X | where Value1 > 3) | summarize sum_ = max(Value1), N = count()',
      ['sum_ N', '4 5'],
    ],
    ['union X, Y | where Value2 > 20 | project Key', ['Key', "'c'", "'d'"]],
  ])('%s', check);
});

describe('columns and rows of the query itself', () => {
  test.each<[string, readonly string[]]>([
    ['print 1, x = 2, tolower("A")', ['print_0 x print_2', "1 2 'a'"]],
    ['print T = now() | project Long = 1', ['Long', '1']],
    [
      'datatable(A:string, B:real, C:bool, D:dynamic) ["a", 1, true, dynamic({"x":[1]})]',
      ['A B C D', "'a' 1 true {'x':[1]}"],
    ],
    [
      'datatable(A:long, B:timespan, C:datetime) [-1, 1h, datetime(null)]',
      ['A B C', '-1 36000000000 null'],
    ],
    ['datatable(A:string) []', ['A']],
    ['R | project-away A*', ['Id B', '2 true', '3 false', 'null true']],
    ['R | project-keep B, Id | take 1', ['Id B', '2 true']],
    ['R | project-reorder B, * asc | where Id == 3', ['B A Id', "false 'drei' 3"]],
    ['R | project-rename Number = Id | where Number == 3', ['Number A B', "3 'drei' false"]],
    ['R | project A, B | distinct * | where B | as Named', ['A B', "'zwei' true", "'nichts' true"]],
    ['let M = materialize(X | where Value1 > 1); union M, M | count', ['Count', '6']],
    [
      'let M = materialize(X | where Value1 > 1); M | join kind=inner M on Value1 | count',
      ['Count', '3'],
    ],
    [
      'let N = materialize(X); let M = materialize(N | where Value1 > 3); union M, N | count',
      ['Count', '5'],
    ],
  ])('%s', check);
});

describe('mv-expand', () => {
  const D = `datatable(N:long, A:dynamic, B:dynamic) [
    1, dynamic([10, "x", null]), dynamic([true]),
    2, dynamic([]), dynamic([]), 3, dynamic(null), dynamic([]),
    4, dynamic({"p": 1, "q": [2]}), dynamic("one")]`;
  test.each<[string, readonly string[]]>([
    [
      `${D} | mv-expand A | project N, A`,
      ['N A', '1 10', "1 'x'", '1 null', '3 null', "4 {'p':1}", "4 {'q':[2]}"],
    ],
    [
      `${D} | mv-expand A, B | project N, A, B`,
      [
        'N A B',
        ...['1 10 true', "1 'x' null", '1 null null', '3 null null', "4 {'p':1} 'one'"],
        "4 {'q':[2]} null",
      ],
    ],
    [
      `${D} | mv-expand kind=array with_itemindex=I A limit 2 | where N != 1 | project N, A, I`,
      ['N A I', '3 null 0', "4 ['p',1] 0", "4 ['q',[2]] 1"],
    ],
    [
      `${D} | mv-expand L = A to typeof(long), S = A to typeof(string) | where N == 1 | project L, S, A`,
      ['L S A', "10 '' [10,'x',null]", "null 'x' [10,'x',null]", "null '' [10,'x',null]"],
    ],
    [`${D} | mv-expand A | count`, ['Count', '6']],
    [
      'print T = dynamic(["2026-07-01T00:00:00Z", "x"]), R = dynamic([1.5, 9007199254740993]) | mv-expand T to typeof(datetime), R to typeof(long) | project isnull(T), R',
      ['Column1 R', 'false null', 'true 9007199254740993'],
    ],
    [
      'L | summarize S = make_set(A) | mv-expand S to typeof(string) | join kind=inner L on $left.S == $right.A | project S',
      ['S', "'none'", "'one'", "'two'"],
    ],
  ])('%s', check);
});

test('a join that explodes stops at its time limit', () => {
  const rows = Array.from({ length: 60 }, () => '1').join(',');
  const table = `let T = datatable(K:long) [${rows}];`;
  const query = `${table} T | join kind=inner T on K | join kind=inner T on K | join kind=inner T on K | join kind=inner T on K | count`;
  const started = performance.now();
  expect(() => bySql(query, { ...DEFAULT_QUERY_LIMITS, milliseconds: 200 })).toThrow(
    /ran longer than 200 ms/,
  );
  expect(performance.now() - started).toBeLessThan(20_000);
});
