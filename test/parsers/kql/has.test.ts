import { describe, expect, test } from 'vitest';
import { hasTerm, termMatcher } from '../../../parsers/kql/has.ts';

describe('has', () => {
  test.each([
    ['GlavSoft LLC.', 'glavsoft', true],
    ['GlavsoftX Ltd', 'glavsoft', false],
    ['XGlavsoft Ltd', 'glavsoft', false],
    ['GLAVSOFT, OOO', 'glavsoft', true],
    ['Nanosystems S.R.L.', 'Nanosystems S.R.L.', true],
    ['Level Software, Inc.', 'Level Software, Inc', true],
    ['PDQ.com Corporation', 'PDQ.com', true],
    ['DWSNET OÜ', 'DWSNET OÜ', true],
    ['dwsnet oü', 'DWSNET OÜ', true],
    ['Krämer IT Solutions GmbH', 'Krämer IT Solutions GmbH', true],
    ['KRÄMER IT Solutions GmbH', 'Krämer IT Solutions GmbH', true],
    ['TEKNOPARS BİLİŞİM TEKNOLOJİLERİ', 'TEKNOPARS BİLİŞİM', true],
    ['teknopars bilişim', 'TEKNOPARS BİLİŞİM', false],
    ['_Hello_World_', 'hello', true],
    ['123Hello-World456', 'hello', false],
    ['Projector.is, Inc.', 'Projector.is, Inc.', true],
    ['Google LLCX', 'Google LLC', false],
    ['naïve', 'na', false],
    ['GlavsoftX and GlavSoft', 'glavsoft', true],
    ['x.com.y', '.com.', true],
    ['', 'glavsoft', false],
    ['anything', '', true],
    ['𐐨bc', 'bc', false],
    ['😀bc', 'bc', true],
    ['bc𐐀', 'bc', false],
  ])('%j has %j: %j', (text, term, expected) => {
    expect(hasTerm(text, term, false)).toBe(expected);
  });

  test.each([
    ['GlavSoft LLC.', 'GlavSoft', true],
    ['GlavSoft LLC.', 'glavsoft', false],
    ['glavsoftGlavSoft GlavSoft', 'GlavSoft', true],
  ])('%j has_cs %j: %j', (text, term, expected) => {
    expect(hasTerm(text, term, true)).toBe(expected);
  });

  test('one matcher serves many texts', () => {
    const isGlavSoft = termMatcher('GlavSoft', false);
    expect(['GlavSoft LLC', 'GlavsoftX', 'GLAVSOFT, OOO'].filter(isGlavSoft)).toEqual([
      'GlavSoft LLC',
      'GLAVSOFT, OOO',
    ]);
  });
});
