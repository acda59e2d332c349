import type { CellValue } from '../plan.ts';
import { allMatches, firstMatch, matchesRegex, regexGroups, trimMatches } from './regex.ts';
import { type CallContext, functions, position, text, whole } from './scalar-function.ts';
import { checkLength } from './value-limits.ts';

/** Regular expressions. Source: Kusto documentation, the page of each function. */
export const regexFunctions = functions({
  /** The operator `matches regex`, not a function of KQL: compile-call.ts does not give it out. */
  matches_regex: {
    params: ['string', 'regex'],
    run: ([value, pattern]) => matchesRegex(text(pattern), text(value)),
  },
  extract: { params: ['regex', 'long', 'string'], run: extract },
  extract_all: { params: ['regex', 'string'], run: extractAll },
  replace_regex: { params: ['string', 'regex', 'string'], run: replaceRegex },
  trim: {
    params: ['regex', 'string'],
    run: ([pattern, value]) => trimMatches(text(pattern), text(value), 'both'),
  },
  trim_start: {
    params: ['regex', 'string'],
    run: ([pattern, value]) => trimMatches(text(pattern), text(value), 'start'),
  },
  trim_end: {
    params: ['regex', 'string'],
    run: ([pattern, value]) => trimMatches(text(pattern), text(value), 'end'),
  },
});

function extract([pattern, group, source]: readonly CellValue[]): string {
  const groups = firstMatch(text(pattern), text(source));
  return groups?.[position(whole(group))] ?? '';
}

/** An array of matches; of several groups an array of arrays. Null where nothing matches. */
function extractAll([pattern, source]: readonly CellValue[], { name }: CallContext): CellValue {
  const { count } = regexGroups(text(pattern));
  const found: unknown[] = [];
  let length = 0;
  for (const { groups } of allMatches(text(pattern), text(source))) {
    const kept = groups.slice(1);
    length += kept.reduce((sum, each) => sum + each.length + 3, 2);
    checkLength(length, name);
    found.push(count === 1 ? kept[0] : kept);
  }
  return found.length > 0 ? found : null;
}

/** In the replacement `\0` is the whole match and `\1` to `\9` are groups. */
function replaceRegex(
  [source, pattern, replacement]: readonly CellValue[],
  { name }: CallContext,
): string {
  const value = text(source);
  let result = '';
  let at = 0;
  for (const { start, end, groups } of allMatches(text(pattern), value)) {
    result += value.slice(at, start) + filledIn(text(replacement), groups);
    checkLength(result.length, name);
    at = end;
  }
  return result + value.slice(at);
}

function filledIn(replacement: string, groups: readonly string[]): string {
  return replacement.replace(/\\(\d|\\)/g, (_, what: string) =>
    what === '\\' ? '\\' : (groups[Number(what)] ?? ''),
  );
}
