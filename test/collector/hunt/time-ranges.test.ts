import { describe, expect, test } from 'vitest';
import { replaceTimeRanges, timeRanges } from '../../../collector/hunt/time-ranges.ts';
import { windowWords } from '../../../collector/hunt/window-options.ts';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { parseDatetime } from '../../../parsers/record/datetime.ts';
import { kustoForTests } from '../../kusto-sources.ts';

const ticks = (text: string) => parseDatetime(text) ?? 0n;
const NOW = ticks('2026-07-01T00:00:00Z');
const T = 'DeviceFileCertificateInfo';
const planOf = (query: string) => compileKql(kustoForTests(), query);

describe('the time range of', () => {
  test.each([
    {
      name: 'between with lets',
      query: `let a = now(-5d); let b = now(); ${T} | where Timestamp between (a .. b)`,
      ranges: ['2026-06-26T00:00:00Z to 2026-07-01T00:00:00Z'],
    },
    {
      name: 'a comparison that leaves the end open and its beginning out',
      query: `${T} | where TimeGenerated > ago(1d)`,
      ranges: ['2026-06-30T00:00:00.0000001Z to the last record'],
    },
    {
      name: 'two steps, one of them the other way round',
      query: `${T} | where datetime(2026-06-01) <= Timestamp | where Signer has 'x' and Timestamp < datetime(2026-06-02)`,
      ranges: ['2026-06-01T00:00:00Z to 2026-06-01T23:59:59.9999999Z'],
    },
    {
      name: 'a step that stands behind others',
      query: `${T} | extend X = Signer | where Timestamp >= ago(1d)`,
      ranges: ['2026-06-30T00:00:00Z to the last record'],
    },
    { name: 'a query without one', query: `${T} | where Signer has 'x'`, ranges: [] },
    {
      name: 'conditions that are no range',
      query: `${T} | where Timestamp != now() and (Timestamp > ago(1d) or Signer has 'x') and not(Timestamp > now()) and Timestamp !between (ago(1d) .. now())`,
      ranges: [],
    },
  ])('$name', ({ query, ranges }) => {
    expect(timeRanges(planOf(query), NOW).map(windowWords)).toEqual(ranges);
  });
});

test('what is replaced is the range, and every other condition stays', () => {
  const window = { from: ticks('2026-01-01T00:00:00Z'), to: ticks('2026-02-01T00:00:00.0000001Z') };
  const plan = planOf(
    `${T} | where TimeGenerated > ago(1d) and Signer has 'x' | where Timestamp != now() | summarize count() by DeviceId`,
  );
  const moved = replaceTimeRanges(plan, NOW, window);
  expect(timeRanges(moved, NOW)).toEqual([window]);
  const same = planOf(
    `${T} | where TimeGenerated between (datetime(2026-01-01) .. datetime(2026-02-01T00:00:00.0000001Z)) and Signer has 'x' | where Timestamp != now() | summarize count() by DeviceId`,
  );
  expect(withoutSpans(moved)).toEqual(withoutSpans(same));
});

function withoutSpans(plan: object): unknown {
  return JSON.parse(
    JSON.stringify(plan, (key, value) => (key === 'span' ? undefined : (value as unknown))),
  );
}
