import { expect, test } from 'vitest';
import type { CompileResult } from '../../../collector/query/compile-result.ts';
import { CompiledQueries } from '../../../collector/query/compiled-queries.ts';

function refused(message: string): CompileResult {
  return { kind: 'refused', code: 'KS142', message, line: 1, column: 1 };
}

test('a text that was compiled is found, another is not', () => {
  const queries = new CompiledQueries();
  queries.remember('T | count', refused('a'));
  expect(queries.find('T | count')).toEqual(refused('a'));
  expect(queries.find('T | count ')).toBeUndefined();
});

test('of more than a hundred texts those asked for last stay', () => {
  const queries = new CompiledQueries();
  queries.remember('asked often', refused('often'));
  queries.remember('asked once', refused('once'));
  for (let other = 0; other < 99; other += 1) {
    queries.find('asked often');
    queries.remember(`other ${other}`, refused('other'));
  }
  expect(queries.find('asked often')).toEqual(refused('often'));
  expect(queries.find('asked once')).toBeUndefined();
  expect(queries.find('other 0')).toEqual(refused('other'));
});

test('a text of more than 8,192 characters is not kept', () => {
  const queries = new CompiledQueries();
  const [long, longer] = ['x'.repeat(8_192), 'x'.repeat(8_193)];
  queries.remember(long, refused('long'));
  queries.remember(longer, refused('longer'));
  expect(queries.find(long)).toEqual(refused('long'));
  expect(queries.find(longer)).toBeUndefined();
});
