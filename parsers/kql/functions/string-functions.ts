import { EvaluationError } from '../evaluation-error.ts';
import { orderOf } from '../null-semantics.ts';
import type { CellValue } from '../plan.ts';
import {
  changeCase,
  characterCount,
  reverseCharacters,
  sliceCharacters,
  unitIndex,
} from './characters.ts';
import { toText } from './convert-functions.ts';
import { countMatches } from './regex.ts';
import { type CallContext, functions, position, text, whole } from './scalar-function.ts';
import { checkLength, checkSearch } from './value-limits.ts';

/** Strings. Source: Kusto documentation, the page of each function; test/parsers/kql/functions has its examples. */
export const stringFunctions = functions({
  strlen: { params: ['string'], run: ([value]) => BigInt(characterCount(text(value))) },
  tolower: {
    params: ['string'],
    run: ([value]) => changeCase(text(value), (character) => character.toLowerCase()),
  },
  toupper: {
    params: ['string'],
    run: ([value]) => changeCase(text(value), (character) => character.toUpperCase()),
  },
  substring: { params: ['string', 'long', 'long?'], run: substring },
  indexof: { params: ['string', 'string', 'long?', 'long?', 'long?'], run: indexOf },
  countof: { params: ['string', 'string', 'string?'], run: countOf },
  replace_string: { params: ['string', 'string', 'string'], run: replaceString },
  split: { params: ['string', 'string', 'long?'], run: split },
  reverse: {
    params: ['any'],
    takesNull: true,
    run: ([value], { types }) => reverseCharacters(toText(value, types[0])),
  },
  strcat: {
    params: ['any', 'any*'],
    takesNull: true,
    run: (args, { types, name }) => join(argTexts(args, types), '', name),
  },
  strcat_delim: {
    params: ['string', 'any', 'any*'],
    takesNull: true,
    run: ([delimiter, ...args], { types, name }) =>
      join(argTexts(args, types.slice(1)), text(delimiter), name),
  },
  strrep: { params: ['any', 'long', 'string?'], run: repeat },
  strcmp: {
    params: ['string', 'string'],
    run: ([one, other]) => BigInt(Math.sign(orderOf(text(one), text(other)))),
  },
  isascii: { params: ['string'], run: ([value]) => /^[\0-\x7f]*$/.test(text(value)) },
});

function argTexts(args: readonly CellValue[], types: CallContext['types']): string[] {
  return args.map((arg, index) => toText(arg, types[index]));
}

function join(texts: readonly string[], delimiter: string, name: string): string {
  const length = texts.reduce((sum, each) => sum + each.length + delimiter.length, 0);
  checkLength(length - delimiter.length, name);
  return texts.join(delimiter);
}

/** A negative start counts from the end. Source: Kusto documentation, "substring()". */
function substring([source, start, length]: readonly CellValue[]): string {
  const value = text(source);
  const count = characterCount(value);
  const wanted = position(whole(start));
  const from = wanted < 0 ? Math.max(count + wanted, 0) : wanted;
  const size = length === undefined ? count : Math.max(position(whole(length)), 0);
  return sliceCharacters(value, from, from + size);
}

/**
 * Where the nth occurrence begins, -1 where there is none. A match has to lie within `length` characters from where its
 * search began; the search for the next one begins a character after the last, with the same length.
 * Source: Kusto documentation, "indexof()", its examples. Its page says both that a negative start counts from the end (and
 * shows it) and that it gives null: we do what it shows.
 */
function indexOf([source, match, start, length, occurrence]: readonly CellValue[]): bigint | null {
  const value = text(source);
  const count = characterCount(value);
  const wanted = position(whole(start));
  const size = position(whole(length, -1n));
  const nth = position(whole(occurrence, 1n));
  if (size < -1 || nth < 1) return null;
  checkSearch(value.length, Math.max(text(match).length, nth)); // each occurrence is a search
  const unit = (character: number) => unitIndex(value, Math.min(character, count));
  let from = wanted < 0 ? Math.max(count + wanted, 0) : wanted;
  for (let seen = 1; from <= count; seen += 1) {
    const found = value.indexOf(text(match), unit(from));
    const end = size === -1 ? value.length : unit(from + size);
    if (found === -1 || found + text(match).length > end) return -1n;
    from = characterCount(value.slice(0, found));
    if (seen === nth) return BigInt(from);
    from += 1;
  }
  return -1n;
}

/** Plain matches may overlap, those of a regular expression do not. Source: Kusto documentation, "countof()". */
function countOf([source, search, kind]: readonly CellValue[]): bigint | null {
  const [value, wanted] = [text(source), text(search)];
  if (kind === 'regex') return BigInt(countMatches(wanted, value));
  if (kind !== undefined && kind !== 'normal') return null;
  if (wanted === '') return 0n;
  checkSearch(value.length, wanted.length);
  let count = 0n;
  for (let at = value.indexOf(wanted); at !== -1; at = value.indexOf(wanted, at + 1)) count += 1n;
  return count;
}

/** All occurrences. Nothing to look for: nothing is replaced. */
function replaceString([source, old, fresh]: readonly CellValue[], { name }: CallContext): string {
  const [value, wanted, replacement] = [text(source), text(old), text(fresh)];
  if (wanted === '') return value;
  checkSearch(value.length, wanted.length);
  const parts = value.split(wanted);
  return join(parts, replacement, name);
}

/** With an index: an array of that one part, of nothing where there is none. Source: Kusto documentation, "split()". */
function split([source, delimiter, index]: readonly CellValue[]): CellValue {
  checkSearch(text(source).length, text(delimiter).length);
  const parts = text(delimiter) === '' ? [text(source)] : text(source).split(text(delimiter));
  if (index === undefined) return parts;
  const wanted = position(whole(index));
  const part = wanted < 0 ? undefined : parts[wanted];
  return part === undefined ? [] : [part];
}

/** Kusto's own limit of strrep's count. Source: Kusto documentation, "strrep()". */
const MAX_REPEATS = 1024n;

function repeat(
  [value, times, delimiter]: readonly CellValue[],
  { types, name }: CallContext,
): string {
  const count = whole(times);
  if (count > MAX_REPEATS)
    throw new EvaluationError(`strrep() repeats at most ${MAX_REPEATS} times, not ${count}`);
  const texts = Array<string>(Math.max(Number(count), 0)).fill(toText(value, types[0]));
  return join(texts, text(delimiter), name);
}
