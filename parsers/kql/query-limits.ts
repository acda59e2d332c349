import { KqlError } from './kql-error.ts';
import type { Kusto } from './load-kusto.ts';

/**
 * How large a query may be. Microsoft's parser takes quadratic time in some shapes (2,000 open brackets: 17 s) and about
 * 0.4 ms a token in others, so these are checked before it runs; at the limits a query costs about 2 s.
 */
export const MAX_QUERY_LENGTH = 65_536;
export const MAX_QUERY_TOKENS = 5_000;
export const MAX_BRACKET_DEPTH = 100;

/**
 * Depth of Microsoft's tree and of ours, where lets are written out: `a or b or c` is as deep as it has operands.
 * Microsoft's analysis gives up at 500; SQLite's expressions end at 1,000.
 */
export const MAX_TREE_DEPTH = 250;

/** Nodes in a plan. A let is compiled where it is used, so that twenty lines of lets could ask for a million nodes. */
export const MAX_PLAN_NODES = 10_000;

/** Inputs of one union: SQLite's compound SELECT ends at 500. */
export const MAX_UNION_INPUTS = 200;

/** Throws KqlError `too-large` or `too-deep` for a query that Microsoft's parser should not be given. */
export function checkQueryLimits(kusto: Kusto, query: string): void {
  if (query.length > MAX_QUERY_LENGTH) {
    const message = `the query has ${query.length} characters, the limit is ${MAX_QUERY_LENGTH}`;
    throw new KqlError('too-large', query, 0, message);
  }
  const tokens = kusto.lex(query);
  let at = 0;
  let depth = 0;
  for (const [index, { Text, Trivia }] of tokens.entries()) {
    at += Trivia.length;
    if (index >= MAX_QUERY_TOKENS) {
      const message = `the query has more than ${MAX_QUERY_TOKENS} tokens`;
      throw new KqlError('too-large', query, at, message);
    }
    if (Text === '(' || Text === '[' || Text === '{') depth += 1;
    else if (Text === ')' || Text === ']' || Text === '}') depth -= 1;
    if (depth > MAX_BRACKET_DEPTH) {
      const message = `more than ${MAX_BRACKET_DEPTH} brackets are open`;
      throw new KqlError('too-deep', query, at, message);
    }
    at += Text.length;
  }
}
