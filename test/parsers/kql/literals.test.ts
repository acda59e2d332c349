import { describe, expect, test } from 'vitest';
import { negateLiteral, parseLiteral } from '../../../parsers/kql/literals.ts';
import { parseDatetime } from '../../../parsers/record/datetime.ts';
import { scalarOf } from './scalar-of.ts';

const DAY = 864_000_000_000n;

describe('literals as a query has them', () => {
  test.each([
    [`'it\\'s'`, 'string', "it's"],
    ['"a\\tb\\u0041"', 'string', 'a\tbA'],
    [`@'C:\\x''y'`, 'string', "C:\\x'y"],
    [`h'secret'`, 'string', 'secret'],
    [`h@"C:\\x"`, 'string', 'C:\\x'],
    ['```two\nlines```', 'string', 'two\nlines'],
    [`'a' "b"`, 'string', 'ab'],
    ['true', 'bool', true],
    ['bool(false)', 'bool', false],
    ['bool(null)', 'bool', null],
    ['42', 'long', '42'],
    ['-42', 'long', '-42'],
    ['long(-5)', 'long', '-5'],
    ['long(null)', 'long', null],
    ['0x1F', 'long', '31'],
    ['9223372036854775807', 'long', '9223372036854775807'],
    ['1.5', 'real', 1.5],
    ['-1e3', 'real', -1000],
    ['5d', 'timespan', (5n * DAY).toString()],
    ['-5d', 'timespan', (-5n * DAY).toString()],
    ['1.5h', 'timespan', '54000000000'],
    ['30m', 'timespan', '18000000000'],
    ['10s', 'timespan', '100000000'],
    ['100ms', 'timespan', '1000000'],
    ['1microsecond', 'timespan', '10'],
    ['1tick', 'timespan', '1'],
    ['timespan(1.02:03:04.5)', 'timespan', (DAY + 73_845_000_000n).toString()],
    ['time(null)', 'timespan', null],
    ['datetime(2026-01-02)', 'datetime', String(parseDatetime('2026-01-02T00:00:00Z'))],
    [
      'datetime(2026-01-02 03:04:05.1234567)',
      'datetime',
      String(parseDatetime('2026-01-02T03:04:05.1234567Z')),
    ],
    [
      'datetime("2026-01-02T03:04:05+01:00")',
      'datetime',
      String(parseDatetime('2026-01-02T02:04:05Z')),
    ],
    ['datetime(null)', 'datetime', null],
  ])('%s is a %s', (text, type, value) => {
    expect(scalarOf(text)).toMatchObject({ kind: 'literal', literal: { type, value } });
  });

  test.each([
    ['a year alone', 'datetime(2026)'],
    ['30 February', 'datetime(2026-02-30)'],
    ['a date with slashes, which may be American', 'datetime(01/02/2026)'],
    ['a long past 64 bits', '9223372036854775808'],
    ['a real that is no number', 'real(nan)'],
    ['a part of a tick', '0.0000000001s'],
    ['a decimal', 'decimal(1.5)'],
  ])('refuses %s', (_name, text) => {
    expect(() => scalarOf(text)).toThrow(
      expect.objectContaining({ name: 'KqlError', code: 'unsupported-expression', line: 2 }),
    );
  });
});

test('timespans past 64 bits have no value', () => {
  expect(parseLiteral('timespan', '99999999d')).toBeUndefined();
  expect(parseLiteral('timespan', '1fortnight')).toBeUndefined();
  expect(parseLiteral('timespan', '25:00')).toBeUndefined();
});

test('a null, a string and a datetime have no negative', () => {
  expect(negateLiteral({ type: 'long', value: null })).toBeUndefined();
  expect(negateLiteral({ type: 'string', value: '5' })).toBeUndefined();
  expect(negateLiteral({ type: 'datetime', value: '5' })).toBeUndefined();
  expect(negateLiteral({ type: 'timespan', value: '5' })).toEqual({
    type: 'timespan',
    value: '-5',
  });
});
