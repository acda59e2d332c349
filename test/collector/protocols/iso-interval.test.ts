import { describe, expect, test } from 'vitest';
import { parseInterval } from '../../../collector/protocols/iso-interval.ts';
import { MAX_TICKS, MIN_TICKS, parseDatetime } from '../../../parsers/record/datetime.ts';

function ticks(text: string): bigint {
  const value = parseDatetime(text);
  if (value === undefined) throw new Error(text);
  return value;
}

const NOW = ticks('2026-06-30T12:00:00Z');
const SECOND = 10_000_000n;

describe('parseInterval', () => {
  test.each([
    { text: 'P1D', from: NOW - 86_400n * SECOND, to: NOW },
    { text: 'P2W', from: NOW - 14n * 86_400n * SECOND, to: NOW },
    { text: 'P1DT2H3M4.5S', from: NOW - 93_784n * SECOND - 5_000_000n, to: NOW },
    { text: 'PT0.0000001S', from: NOW - 1n, to: NOW },
    { text: 'P999999D', from: MIN_TICKS, to: NOW },
    {
      text: '2026-01-01/2026-01-02T00:00:00.1234567Z',
      from: ticks('2026-01-01'),
      to: ticks('2026-01-02T00:00:00.1234567Z'),
    },
    { text: '2026-01-01T00:00:00Z/PT1H', from: ticks('2026-01-01'), to: ticks('2026-01-01T01:00') },
    { text: 'PT1H/2026-01-01', from: ticks('2025-12-31T23:00'), to: ticks('2026-01-01') },
    { text: '9999-12-31/P2D', from: ticks('9999-12-31'), to: MAX_TICKS },
  ])('reads $text', ({ text, from, to }) => {
    expect(parseInterval(text, NOW)).toEqual({ from, to });
  });

  test.each([
    ...['', 'P', 'PT', 'P1DT', 'P1Y', 'P1M', 'P-1D', 'p1d', 'P1D ', '1D', '5', 'P1W1D'],
    ...[
      '2026-01-01',
      '2026-01-02/2026-01-01',
      'P1D/P1D',
      '2026-01-01/2026-01-02/P1D',
      '/',
      'x/P1D',
    ],
    ...['2026-02-30/P1D', `P${'9'.repeat(400)}D`],
  ])('refuses %j', (text) => {
    expect(() => parseInterval(text, NOW)).toThrow(
      expect.objectContaining({
        status: 400,
        body: expect.objectContaining({ code: 'bad-time-range' }),
      }),
    );
  });
});
