import { describe, expect, test } from 'vitest';
import {
  formatDatetime,
  MAX_TICKS,
  parseDatetime,
  ticksFromUnixMs,
  unixMsFromTicks,
} from '../../../parsers/record/datetime.ts';

describe('parseDatetime', () => {
  test.each([
    { name: 'the epoch of Unix', text: '1970-01-01T00:00:00Z', ticks: 621_355_968_000_000_000n },
    { name: 'the first tick', text: '0001-01-01T00:00:00Z', ticks: 0n },
    { name: 'the last tick', text: '9999-12-31T23:59:59.9999999Z', ticks: MAX_TICKS },
    { name: 'seven digits', text: '1970-01-01T00:00:00.0000001Z', ticks: 621_355_968_000_000_001n },
    {
      name: 'an eighth digit, dropped',
      text: '1970-01-01T00:00:00.00000019Z',
      ticks: 621_355_968_000_000_001n,
    },
    { name: 'an offset', text: '1970-01-01T01:30:00+01:30', ticks: 621_355_968_000_000_000n },
    { name: 'no zone, which is UTC', text: '1970-01-01 00:00:01', ticks: 621_355_968_010_000_000n },
    {
      name: '29 February with milliseconds',
      text: '2024-02-29T00:00:00.001Z',
      ticks: 638_447_616_000_010_000n,
    },
    { name: 'a date alone', text: '1970-01-02', ticks: 621_356_832_000_000_000n },
    {
      name: '29 February of a leap year',
      text: '2024-02-29T00:00:00Z',
      ticks: 638_447_616_000_000_000n,
    },
  ])('reads $name', ({ text, ticks }) => {
    expect(parseDatetime(text)).toBe(ticks);
  });

  test.each([
    { name: 'a day the month has not', text: '2023-02-29T00:00:00Z' },
    { name: 'month 13', text: '2023-13-01' },
    { name: 'the same with milliseconds', text: '2023-02-29T00:00:00.000Z' },
    { name: 'day 31 of a month of 30', text: '2023-04-31T00:00:00.000Z' },
    { name: 'day 0', text: '2023-04-00T00:00:00.000Z' },
    { name: 'month 0', text: '2023-00-10T00:00:00.000Z' },
    { name: 'the year 0', text: '0000-01-01T00:00:00.000Z' },
    { name: 'hour 24 with milliseconds', text: '2023-01-01T24:00:00.000Z' },
    { name: 'a letter among digits', text: '2023-01-01T00:0O:00.000Z' },
    { name: 'a sign among digits', text: '2023-01-01T00:00:00.-10Z' },
    { name: 'hour 24', text: '2023-01-01T24:00:00Z' },
    { name: 'a leap second', text: '2016-12-31T23:59:60Z' },
    { name: 'an offset no place has', text: '2023-01-01T00:00:00+15:00' },
    { name: 'a time before the first tick', text: '0001-01-01T00:00:00+01:00' },
    { name: 'a number', text: '1732419097' },
    { name: 'text after it', text: '2023-01-01T00:00:00Z;' },
    { name: 'nothing', text: '' },
  ])('refuses $name', ({ text }) => {
    expect(parseDatetime(text)).toBeUndefined();
  });
});

describe('formatDatetime', () => {
  test.each([
    '2026-11-24T03:31:37Z',
    '2026-11-24T03:31:37.5Z',
    '2026-11-24T03:31:37.1234567Z',
    '0001-01-01T00:00:00Z',
  ])('gives back %s', (text) => {
    expect(formatDatetime(parseDatetime(text) ?? -1n)).toBe(text);
  });
});

test('milliseconds before 1970 round down, not towards zero', () => {
  expect(unixMsFromTicks(ticksFromUnixMs(-5) - 1n)).toBe(-6);
  expect(unixMsFromTicks(ticksFromUnixMs(1_732_419_097_123))).toBe(1_732_419_097_123);
});

test('milliseconds are read as Date reads them, on every day of 400 years and at the ends', () => {
  const starts = [Date.UTC(1885, 0, 1), Date.parse('0001-01-01T00:00:00Z'), Date.UTC(9900, 0, 1)];
  for (const [index, start] of starts.entries()) {
    const days = index === 0 ? 146_097 : 36_524;
    for (let day = 0; day < days; day += 1) {
      const ms = start + day * 86_400_000 + ((day * 7_919) % 86_400_000);
      if (parseDatetime(new Date(ms).toISOString()) !== ticksFromUnixMs(ms))
        expect.fail(new Date(ms).toISOString());
    }
  }
});
