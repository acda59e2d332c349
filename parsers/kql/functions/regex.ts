import { RE2JS, RE2JSSyntaxException } from 're2js';
import { EvaluationError } from '../evaluation-error.ts';

/**
 * Regular expressions are RE2's, which Kusto uses, run by re2js: no look-around and no back references, and the time for a
 * text grows with its length times the size of the expression, whatever either says. JavaScript's own RegExp can take
 * exponential time. Source: Kusto documentation, "RE2 syntax".
 */

/** States of a compiled expression. `\pL{1000}` has 1,000 of them. */
const MAX_STATES = 5_000;
const MAX_PATTERN_LENGTH = 4_000;

/** States times characters in all looks through a text, about a second. */
const MAX_WORK = 100_000_000;

const compiled = new Map<string, RE2JS>();
const MAX_COMPILED = 100;

/** Why `pattern` is no expression of ours; undefined where it is one. */
export function regexProblem(pattern: string): string | undefined {
  if (pattern.length > MAX_PATTERN_LENGTH)
    return `the regular expression has more than ${MAX_PATTERN_LENGTH} characters`;
  try {
    const regex = regexOf(pattern);
    return regex.programSize() > MAX_STATES
      ? 'the regular expression is too large: repeat less'
      : undefined;
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return error.message;
    throw error;
  }
}

/** How many groups `pattern` has, and their names. */
export function regexGroups(pattern: string) {
  const regex = regexOf(pattern);
  return { count: regex.groupCount(), names: regex.namedGroups() as Record<string, number> };
}

export function matchesRegex(pattern: string, text: string): boolean {
  const regex = regexOf(pattern);
  workMeter(regex, text.length)(0);
  return regex.test(text);
}

/** The groups of the first match, the whole match first; undefined where there is none. A group without a match is ''. */
export function firstMatch(pattern: string, text: string): readonly string[] | undefined {
  for (const { groups } of allMatches(pattern, text)) return groups;
  return undefined;
}

export interface RegexMatch {
  /** UTF-16 indexes of the match in the text. */
  readonly start: number;
  readonly end: number;
  readonly groups: readonly string[];
}

/** Matches from left to right, none overlapping. Each one costs a look through what is left of the text. */
export function* allMatches(pattern: string, text: string): Generator<RegexMatch> {
  const regex = regexOf(pattern);
  const matcher = regex.matcher(text);
  const groups = regex.groupCount();
  const lookFrom = workMeter(regex, text.length);
  for (let from = 0; ; from = matcher.end()) {
    lookFrom(from);
    if (!matcher.find()) return;
    yield {
      start: matcher.start(),
      end: matcher.end(),
      groups: Array.from({ length: groups + 1 }, (_, group) => matcher.group(group) ?? ''),
    };
  }
}

export function countMatches(pattern: string, text: string): number {
  let count = 0;
  for (const _ of allMatches(pattern, text)) count += 1;
  return count;
}

/**
 * `text` without matches at its beginning (`start`) and its end.
 * Source: Kusto documentation, "trim()", "trim_start()", "trim_end()".
 */
export function trimMatches(pattern: string, text: string, ends: 'start' | 'end' | 'both'): string {
  let trimmed = text;
  if (ends !== 'end') trimmed = trimmed.slice(firstEnd(`\\A(?:${pattern})`, trimmed));
  if (ends !== 'start') {
    for (const { start } of allMatches(`(?:${pattern})\\z`, trimmed))
      return trimmed.slice(0, start);
  }
  return trimmed;
}

function firstEnd(pattern: string, text: string): number {
  for (const { end } of allMatches(pattern, text)) return end;
  return 0;
}

function regexOf(pattern: string): RE2JS {
  let regex = compiled.get(pattern);
  if (!regex) {
    regex = RE2JS.compile(pattern);
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(pattern, regex);
  }
  return regex;
}

/** Counts what looking through texts may cost at most, and stops a call that would take too long. */
function workMeter(regex: RE2JS, length: number): (from: number) => void {
  const states = regex.programSize();
  let work = 0;
  return (from) => {
    work += states * (length - from);
    if (work <= MAX_WORK) return;
    throw new EvaluationError(
      `a regular expression of ${states} states would take too long on a text of ${length} characters`,
    );
  };
}
