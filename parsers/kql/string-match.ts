import { foldCase } from './fold-case.ts';
import { checkSearch } from './functions/value-limits.ts';
import { termMatcher } from './has.ts';
import type { StringMatchOperator } from './plan.ts';

/**
 * A matcher for one needle, prepared once: the one definition of has, contains, startswith, endswith and =~, which the
 * evaluator calls and SQL calls as registered functions.
 */
export function stringMatcher(
  operator: StringMatchOperator,
  needle: string,
  caseSensitive: boolean,
): (text: string) => boolean {
  if (operator === 'has') return termMatcher(needle, caseSensitive);
  if (operator === 'hasprefix') return termMatcher(needle, caseSensitive, 'prefix');
  if (operator === 'hassuffix') return termMatcher(needle, caseSensitive, 'suffix');
  const wanted = caseSensitive ? needle : foldCase(needle);
  const prepare = caseSensitive ? (text: string) => text : foldCase;
  switch (operator) {
    case 'contains':
      return (text) => {
        checkSearch(text.length, wanted.length);
        return prepare(text).includes(wanted);
      };
    case 'startswith':
      return (text) => prepare(text).startsWith(wanted);
    case 'endswith':
      return (text) => prepare(text).endsWith(wanted);
    case 'equals':
      return (text) => prepare(text) === wanted;
  }
}
