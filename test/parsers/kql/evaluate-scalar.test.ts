import { describe, expect, test } from 'vitest';
import { compilePredicate } from '../../../parsers/kql/evaluate-scalar.ts';
import type { CellValue } from '../../../parsers/kql/plan.ts';
import { scalarOf, valueOfExpression } from './scalar-of.ts';

const DAY = 864_000_000_000n;
const NOW = 640_000n * DAY;

describe('null, as documented', () => {
  test.each<[string, CellValue]>([
    ['FileSize == 1', false],
    ['FileSize != 1', true],
    ['FileSize == ReportId', null],
    ['FileSize != ReportId', null],
    ['FileSize < 1', null],
    ['FileSize >= 1', null],
    ['not(FileSize < 1)', null],
    ['not(FileSize == 1)', true],
    ['FileSize between (1 .. 2)', null],
    ['FileSize !between (1 .. 2)', null],
    ['FileSize in (1, 2)', false],
    ['FileSize !in (1, 2)', true],
    ['IsTrusted', null],
    ['not(IsTrusted)', null],
    ['IsTrusted == true', false],
    ['IsTrusted != true', true],
    ['IsTrusted == 0', false],
    ['IsTrusted and true', false],
    ['IsTrusted or true', true],
    ['IsTrusted or false', false],
    ['not(IsTrusted and true)', true],
    ['FileSize + 1', null],
    ['-FileSize', null],
    ['Timestamp + 1d', null],
    ['now(time(null))', null],
  ])('%s is %s where the columns are null', (expression, expected) => {
    expect(valueOfExpression(expression)).toBe(expected);
  });

  test.each<[string, CellValue]>([
    ['Signer', ''],
    ["Signer == ''", true],
    ["Signer != 'a'", true],
    ["Signer has 'a'", false],
    ["Signer !has 'a'", true],
    ["Signer !contains 'a'", true],
    ["Signer !in ('a')", true],
    ["Signer !in~ ('a')", true],
    ["Signer in ('')", true],
    ['tolower(Signer)', ''],
  ])('strings have no null: %s is %j', (expression, expected) => {
    expect(valueOfExpression(expression)).toBe(expected);
  });
});

describe('values', () => {
  const row = {
    Signer: 'GlavSoft LLC.',
    Issuer: 'GlavSoft',
    FileSize: 5n,
    IsSigned: true,
    IsTrusted: false,
    Timestamp: NOW,
  };
  test.each<[string, CellValue]>([
    ["Signer has 'glavsoft'", true],
    ["Signer has_cs 'glavsoft'", false],
    ["Signer has_any ('zoho', 'LLC')", true],
    ["Signer has_any ('zoho', 'teamviewer')", false],
    ["Signer has_any (dynamic(['zoho', 'glavsoft']))", true],
    ['Signer has Issuer', true],
    ["Signer contains 'avso'", true],
    ["Signer contains_cs 'avso'", false],
    ["Signer !contains_cs 'avso'", true],
    ["Signer startswith 'glav'", true],
    ["Signer !startswith_cs 'glav'", true],
    ["Signer endswith 'llc.'", true],
    ["Signer =~ 'glavsoft llc.'", true],
    ["Signer !~ 'glavsoft llc.'", false],
    ["Signer == 'glavsoft llc.'", false],
    ["Signer in ('glavsoft llc.')", false],
    ["Signer in~ ('x', 'glavsoft llc.')", true],
    ["tolower(Signer) == 'glavsoft llc.'", true],
    ['FileSize between (5 .. 5)', true],
    ['FileSize between (6 .. 9)', false],
    ['FileSize !between (6 .. 9)', true],
    ['FileSize == 5.0', true],
    ['FileSize < 5.5', true],
    ['FileSize in (1, 5)', true],
    ['FileSize - 7', -2n],
    ['FileSize + 0.5', 5.5],
    ['-FileSize', -5n],
    ['9223372036854775807 + FileSize', -9223372036854775804n],
    ['IsSigned and not(IsTrusted)', true],
    ['IsSigned == 1 and IsTrusted == 0', true],
    ['IsTrusted < IsSigned', true],
    ['Timestamp == now()', true],
    ['now() - Timestamp', 0n],
    ['now(-1d) == Timestamp - 1d', true],
    ['ago(1d) == now(-1d)', true],
    ['Timestamp between (ago(1d) .. 1d)', true],
    ['Timestamp between (ago(2d) .. 1d)', false],
    ['datetime(9999-12-31) + 2d', null],
    ['datetime(0001-01-01) - 1tick', null],
    ['1d + 2h', DAY + DAY / 12n],
  ])('%s is %s', (expression, expected) => {
    expect(valueOfExpression(expression, row, NOW)).toBe(expected);
  });
});

test('a predicate takes null for false', () => {
  const isTrusted = compilePredicate(scalarOf('IsTrusted'), NOW);
  expect([true, false, null].map((value) => isTrusted(() => value))).toEqual([true, false, false]);
});
