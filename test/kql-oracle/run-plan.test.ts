import { describe, expect, test } from 'vitest';
import { compileKql } from '../../parsers/kql/compile-kql.ts';
import type { CellValue, QueryResult } from '../../parsers/kql/plan.ts';
import { parseDatetime } from '../../parsers/record/datetime.ts';
import { kustoForTests } from '../kusto-sources.ts';
import { canonicalView, type Row } from './canonical-view.ts';
import { runPlan } from './run-plan.ts';

const at = (text: string): bigint => {
  const ticks = parseDatetime(text);
  if (ticks === undefined) throw new Error(`no datetime: ${text}`);
  return ticks;
};
const NOW = at('2026-03-10T12:00:00Z');

const run = (query: string, rows: readonly Row[]): QueryResult =>
  runPlan(compileKql(kustoForTests(), query), { AgentFileCertificateInfo: rows }, NOW);

const file = (reportId: bigint, fields: Row): Row => ({
  Timestamp: at('2026-03-09T00:00:00Z'),
  DeviceId: 'd1',
  DeviceName: 'one',
  FolderPath: '/opt',
  FileName: `${reportId}.exe`,
  SHA1: `sha${reportId}`,
  IsSigned: true,
  Signer: 'GlavSoft LLC.',
  SignatureIndex: 0n,
  ReportId: reportId,
  ...fields,
});

const TIGHTVNC = `let Time_start = now(-5d);
let Time_end = now();
//
DeviceFileCertificateInfo
| where Timestamp between (Time_start..Time_end)
| where Signer has 'glavsoft'
| summarize FirstSeen=min(Timestamp), LastSeen=max(Timestamp),
Report=make_set(ReportId), Count=count() by DeviceId, DeviceName`;

test('the TightVNC query, by hand: both edges of the window, a dual-signed file, unsigned and other files', () => {
  const start = at('2026-03-05T12:00:00Z');
  const rows = [
    file(1n, { Timestamp: start }),
    file(2n, { Timestamp: NOW }),
    file(3n, { Timestamp: start - 1n }),
    file(4n, { Timestamp: NOW + 1n }),
    file(5n, { FileName: 'dual.exe', SHA1: 'dual' }),
    file(6n, { FileName: 'dual.exe', SHA1: 'dual', SignatureIndex: 1n }),
    file(7n, { IsSigned: false }),
    file(8n, { Signer: 'GlavsoftX Ltd' }),
    file(9n, { DeviceId: 'd2', DeviceName: 'two', Signer: 'GLAVSOFT, OOO' }),
    file(10n, { DeviceId: 'd3', DeviceName: 'three', Signer: 'TECHSERIO' }),
  ];
  const { columns, rows: found } = run(TIGHTVNC, rows);
  const names = ['DeviceId', 'DeviceName', 'FirstSeen', 'LastSeen', 'Report', 'Count'];
  expect(columns.map(({ name }) => name)).toEqual(names);
  expect(found).toEqual([
    ['d1', 'one', start, NOW, [1, 2, 5], 3n],
    ['d2', 'two', at('2026-03-09T00:00:00Z'), at('2026-03-09T00:00:00Z'), [9], 1n],
  ]);
});

describe('DeviceFileCertificateInfo', () => {
  test('has the 18 columns and TimeGenerated, and no others', () => {
    const [row = {}] = canonicalView([file(1n, {})]);
    expect(Object.keys(row)).toHaveLength(19);
    expect(row).toMatchObject({ TimeGenerated: row.Timestamp, ReportId: 1n });
    expect(row).not.toHaveProperty('FolderPath');
  });

  test('keeps signatures of one file by different signers, and of different files by one', () => {
    const rows = [
      file(1n, { FileName: 'a', SHA1: 'x' }),
      file(2n, { FileName: 'a', SHA1: 'x', SignatureIndex: 1n, Signer: 'Other' }),
      file(3n, { FileName: 'b', SHA1: 'x', SignatureIndex: 1n }),
      file(4n, { FileName: 'a', SHA1: 'x', SignatureIndex: 2n }),
    ];
    expect(canonicalView(rows).map((row) => row.ReportId)).toEqual([1n, 2n, 3n]);
  });
});

describe('operators', () => {
  const rows: readonly Row[] = [
    { DeviceId: 'b', FileSize: 2n, IsSigned: true },
    { DeviceId: 'a', FileSize: null, IsSigned: false },
    { DeviceId: 'B', FileSize: 3n, IsSigned: null },
    { DeviceId: 'a', FileSize: 1n, IsSigned: true },
  ];
  const A = 'AgentFileCertificateInfo';
  test.each<[string, CellValue[][]]>([
    ['sort by FileSize asc | project FileSize', [[null], [1n], [2n], [3n]]],
    ['sort by FileSize | project FileSize', [[3n], [2n], [1n], [null]]],
    ['sort by FileSize asc nulls last | project FileSize', [[1n], [2n], [3n], [null]]],
    ['sort by FileSize nulls first | project FileSize', [[null], [3n], [2n], [1n]]],
    ['sort by DeviceId asc, FileSize desc | project FileSize', [[3n], [1n], [null], [2n]]],
    ['top 2 by FileSize | project FileSize', [[3n], [2n]]],
    ['top 2 by FileSize asc | project FileSize', [[null], [1n]]],
    ['sort by FileSize | take 1 | project FileSize', [[3n]]],
    ['take 0', []],
    ['count', [[4n]]],
    ['where IsSigned | count', [[2n]]],
    ['where not(IsSigned) | count', [[1n]]],
    ['where FileSize != 1 | count', [[3n]]],
    ['distinct DeviceId | sort by DeviceId asc', [['B'], ['a'], ['b']]],
    ['distinct IsSigned | count', [[3n]]],
    ['extend N = FileSize + 1, FileSize = 0 | project N, FileSize | take 1', [[3n, 0n]]],
    [
      'summarize min(FileSize), max(FileSize), dcount(FileSize), make_set(FileSize), count()',
      [[1n, 3n, 3n, [2, 3, 1], 4n]],
    ],
    ['summarize make_set(DeviceId, 2)', [[['b', 'a']]]],
    [
      'summarize count() by tolower(DeviceId) | sort by Column1 asc',
      [
        ['a', 2n],
        ['b', 2n],
      ],
    ],
    ['summarize count() by IsSigned | where IsSigned == true', [[true, 2n]]],
    [
      'where FileSize > 9 | summarize count(), min(FileSize), min(DeviceId), make_set(FileSize)',
      [[0n, null, '', []]],
    ],
    ['where FileSize > 9 | summarize count() by DeviceId', []],
    ['project Signer | take 1', [['']]],
  ])('%s', (operators, expected) => {
    expect(run(`${A} | ${operators}`, rows).rows).toEqual(expected);
  });
});
