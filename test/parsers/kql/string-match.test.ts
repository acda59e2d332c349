import { describe, expect, test } from 'vitest';
import { foldCase } from '../../../parsers/kql/fold-case.ts';
import type { StringMatchOperator } from '../../../parsers/kql/plan.ts';
import { stringMatcher } from '../../../parsers/kql/string-match.ts';

describe('stringMatcher', () => {
  test.each<[StringMatchOperator, string, string, boolean, boolean]>([
    ['contains', 'GlavSoft LLC.', 'AVSO', false, true],
    ['contains', 'GlavSoft LLC.', 'AVSO', true, false],
    ['contains', 'GlavSoft LLC.', 'avSo', true, true],
    ['startswith', 'GlavSoft LLC.', 'glav', false, true],
    ['startswith', 'GlavSoft LLC.', 'glav', true, false],
    ['startswith', 'GlavSoft LLC.', 'soft', false, false],
    ['endswith', 'GlavSoft LLC.', 'llc.', false, true],
    ['endswith', 'GlavSoft LLC.', 'llc.', true, false],
    ['equals', 'GlavSoft LLC.', 'GLAVSOFT LLC.', false, true],
    ['equals', 'GlavSoft LLC.', 'GlavSoft LLC', false, false],
    ['has', 'GlavSoft LLC.', 'SOFT', false, false],
    ['has', 'GlavSoft LLC.', 'llc', false, true],
    ['contains', 'any', '', false, true],
  ])('%s: %j, %j, case-sensitive %j: %j', (operator, text, needle, caseSensitive, expected) => {
    expect(stringMatcher(operator, needle, caseSensitive)(text)).toBe(expected);
  });
});

describe('foldCase', () => {
  test.each([
    ['ASCII letters only', 'Glav_9', 'GLAV_9'],
    ['letters of other scripts', 'öÖдД', 'ÖÖДД'],
    ['ß stays: its upper case is two letters', 'ß', 'ß'],
    ['dotless i does not become I', 'ı', 'ı'],
    ['dotted capital I stays', 'İ', 'İ'],
    ['long s does not become S', 'ſ', 'ſ'],
    ['letters outside the basic plane', '𐐨', '𐐀'],
  ])('%s', (_name, text, folded) => {
    expect(foldCase(text)).toBe(folded);
  });
});
