import { afterAll, describe, expect, test } from 'vitest';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import type { CellValue } from '../../../parsers/kql/plan.ts';
import { kustoForTests } from '../../kusto-sources.ts';
import { record } from '../records.ts';
import { twoAnswers } from './two-answers.ts';

const HOUR = 36_000_000_000n;
const file = (ReportId: number, FileName: string, FileSize: number | null, hour: number) =>
  record({
    ReportId,
    FileName,
    FileSize,
    DeviceId: ReportId < 3 ? 'a' : 'b',
    Signer: '',
    Timestamp: `2026-07-01T0${hour}:00:00Z`,
  });
const answers = twoAnswers([
  file(1, 'one', 10, 1),
  file(2, '', null, 2),
  file(3, 'three', 30, 3),
  file(4, 'four', 20, 3),
]);
afterAll(() => answers.close());

describe('aggregates, by SQL and by the oracle', () => {
  test.each<[string, CellValue[]]>([
    ['countif(FileSize > 10), countif(isnull(FileSize)), countif(false)', [2n, 1n, 0n]],
    ['sum(FileSize), sumif(FileSize, DeviceId == "b"), sumif(FileSize, false)', [60n, 50n, 0n]],
    ['avg(FileSize), avgif(FileSize, DeviceId == "a"), avgif(FileSize, false)', [20, 10, null]],
    ['sum(FileSize / 4.0), avg(FileSize * 1h)', [15, 20n * HOUR]],
    ['sum(FileSize + 9223372036854775800)', [-9223372036854775772n]],
    ['dcountif(DeviceId, FileSize > 10), dcountif(DeviceId, true, 4)', [1n, 2n]],
    ['count_distinct(DeviceId), count_distinctif(FileName, FileName != "")', [2n, 3n]],
    ['minif(FileSize, FileSize > 10), maxif(FileName, FileSize < 30)', [20n, 'one']],
    ['make_list(FileSize, 0), make_list_if(FileSize, false)', [[], []]],
    ['make_set_if(FileSize, FileSize != 20, 5)', [[10, 30]]],
    ['take_any(Signer), take_anyif(FileName, ReportId == 3)', ['', 'three']],
    ['take_anyif(FileSize, DeviceId == "a"), take_anyif(FileSize, false)', [10n, null]],
    ['arg_max(FileSize, FileName), arg_min(FileSize, ReportId)', [30n, 'three', 10n, 1n]],
    ['arg_max(FileSize, *) by DeviceId | where DeviceId == "a" | project FileName', ['one']],
    ['arg_max(ReportId, Size = FileSize, FileName)', [4n, 20n, 'four']],
    ['(A, B) = arg_min(ReportId, FileName)', [1n, 'one']],
    ['Span = max(Timestamp) - min(Timestamp), 2 * count()', [2n * HOUR, 8n]],
    ['round(avg(FileSize) / count(), 1), N = count()', [5, 4n]],
    ['iff(count() > 3, "many", "few"), max(FileSize) + min(FileSize)', ['many', 40n]],
    ['count() by bin(Timestamp, 1d)', [639_184_608_000_000_000n, 4n]],
    ['N = count() - 1 by DeviceId | where DeviceId == "a"', ['a', 1n]],
  ])('%s', (aggregates, expected) => {
    const plan = compileKql(kustoForTests(), `AgentFileCertificateInfo | summarize ${aggregates}`);
    expect(answers.oracle(plan).rows).toEqual([expected]);
    expect(answers.sql(plan).rows).toEqual([expected]);
  });

  test('make_list() keeps the order of sorted rows, group by group', () => {
    const query = `AgentFileCertificateInfo | sort by FileSize desc nulls first, ReportId asc
      | summarize All = make_list(ReportId), Sizes = make_list(FileSize, 2) by DeviceId | sort by DeviceId asc`;
    const plan = compileKql(kustoForTests(), query);
    const expected = [
      ['a', [2, 1], [10]],
      ['b', [3, 4], [30, 20]],
    ];
    expect(answers.oracle(plan).rows).toEqual(expected);
    expect(answers.sql(plan).rows).toEqual(expected);
  });
});

describe('columns have the names that Kusto gives them', () => {
  test.each([
    ['arg_max(Timestamp, *) by DeviceId', 'DeviceId Timestamp Signer ReportId'],
    ['arg_max(Timestamp, *) by Who = DeviceId', 'Who Timestamp Signer ReportId'],
    ['max(ReportId), arg_max(Timestamp, Signer)', 'max_ReportId Timestamp Signer'],
    ['arg_max(ReportId, Signer), arg_min(ReportId, Signer)', 'ReportId Signer ReportId1 Signer1'],
    ['take_any(*)', 'Timestamp DeviceId Signer ReportId'],
    ['any(Signer)', 'any_Signer'],
    ['A = take_any(Signer, DeviceId)', 'A DeviceId'],
    ['countif(ReportId > 1), sum(ReportId), avg(ReportId)', 'countif_ sum_ReportId avg_ReportId'],
    ['max(ReportId) - 1, toint(count())', 'Column1 count_'],
  ])('%s', (aggregates, names) => {
    const { root } = compileKql(
      kustoForTests(),
      `AgentFileCertificateInfo | project Timestamp, DeviceId, Signer, ReportId | summarize ${aggregates}`,
    );
    expect(root.columns.map(({ name }) => name).join(' ')).toBe(names);
  });
});
