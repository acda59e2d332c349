import { describe, expect, test } from 'vitest';
import { parseDynamic } from '../../../../parsers/kql/dynamic-json.ts';
import { EvaluationError } from '../../../../parsers/kql/evaluation-error.ts';
import { valueOfExpression } from '../scalar-of.ts';

const LONG = 'x'.repeat(1_000_000);

describe('a value that would grow without end is an error', () => {
  test.each([
    ['replace_string(Signer, "x", "yyyy")'],
    ['replace_regex(Signer, "x", "yyyy")'],
    ['strcat(Signer, Signer)'],
    ['strcat_delim(Signer, 1, 2, 3)'],
    ['strrep(Signer, 1024)'],
    ['strrep("x", 1025)'],
    ['pack_array(Signer, Signer)'],
    ['bag_pack("a", Signer, "b", Signer)'],
    ['extract_all("(x)", Signer)'],
    ['url_encode(strcat(substring(Signer, 0, 500000), strrep("é", 1000), strrep("%", 1000)))'],
    ['countof(Signer, substring(Signer, 0, 5000))'],
    ['Signer contains strcat("y", substring(Signer, 0, 5000))'],
    ['Signer has strcat("y", substring(Signer, 0, 5000))'],
    ['Signer matches regex "(x+x+)+y{300}"'],
  ])('%s of a million characters', (expression) => {
    const row = { Signer: expression.startsWith('url') ? '%'.repeat(1_000_000) : LONG };
    expect(() => valueOfExpression(expression, row)).toThrow(EvaluationError);
  });
});

test('JSON deeper than a hundred brackets stays text', () => {
  expect(parseDynamic('['.repeat(100) + ']'.repeat(100))).toBeDefined();
  const deep = '['.repeat(101) + ']'.repeat(101);
  expect(valueOfExpression('parse_json(Signer)', { Signer: deep })).toBe(deep);
});

test('a long in a dynamic value keeps its digits', () => {
  const row = { Signer: '{"a":9007199254740993}' };
  expect(valueOfExpression('tolong(parse_json(Signer).a)', row)).toBe(9_007_199_254_740_993n);
  expect(valueOfExpression('tostring(parse_json(Signer))', row)).toBe(row.Signer);
});
