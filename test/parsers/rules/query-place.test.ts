import { expect, test } from 'vitest';
import { parseRule } from '../../../parsers/rules/parse-rule.ts';
import { placeInFile } from '../../../parsers/rules/query-place.ts';

const HEAD = 'id: a\nname: b\n';

test.each([
  ['a literal block', 'query: |\n  T\n  | where X\n', { line: 5, column: 11 }],
  ['a block deeper in', 'query: |\n      T\n      | where X\n', { line: 5, column: 15 }],
  ['a block that begins with an empty line', 'query: |\n\n  | where X\n', { line: 5, column: 11 }],
  [
    'a block whose header says its depth',
    'query: |1-\n  T\n  | where X\n',
    { line: 5, column: 10 },
  ],
  ['a header with a comment', 'query: | # KQL\n  T\n  | where X\n', { line: 5, column: 11 }],
  ['CRLF', 'query: |\r\n  T\r\n  | where X\r\n', { line: 5, column: 11 }],
  [
    'a code fence, which is not of the query',
    'query: |\n  ```kusto\n  T\n  | where X\n  ```\n',
    { line: 6, column: 11 },
  ],
  [
    'a folded block: of joined lines the value stands for all',
    'query: >\n  T\n  | where X\n',
    { line: 3, column: 8 },
  ],
  ['quotes', 'query: "T\\n| where X"\n', { line: 3, column: 8 }],
])('the ninth character of the second line of a query in %s', (_name, query, place) => {
  const crlf = query.includes('\r\n') ? HEAD.replaceAll('\n', '\r\n') : HEAD;
  const { queryPlace } = parseRule(crlf + query, 'f.yaml');
  expect(placeInFile(queryPlace, { line: 2, column: 9 })).toEqual(place);
});
