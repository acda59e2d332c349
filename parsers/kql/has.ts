import { foldCase } from './fold-case.ts';
import { checkSearch } from './functions/value-limits.ts';

/** True where `text` has `term` as a whole term: the operators has, has_cs and has_any. See termMatcher. */
export function hasTerm(text: string, term: string, caseSensitive: boolean): boolean {
  return termMatcher(term, caseSensitive)(text);
}

/**
 * A matcher for one term, prepared once and used for many texts.
 *
 * The term has to be in the text, and each of its ends has to be a border: an end of the text, or a place where the
 * character outside or the term's own character is not alphanumeric. So `glavsoft` is in `GlavSoft LLC.` and not in
 * `GlavsoftX`, and `S.R.L.` is found although it ends in a separator, where `\b` would fail. `_` separates; letters and
 * digits are Unicode's. The empty term is in every text. Of a `prefix` (hasprefix) only the beginning has to be a border,
 * of a `suffix` only the end.
 * Source: Kusto documentation, "String operators" ("What is a term?").
 */
export function termMatcher(
  term: string,
  caseSensitive: boolean,
  part: 'whole' | 'prefix' | 'suffix' = 'whole',
): (text: string) => boolean {
  const needle = caseSensitive ? term : foldCase(term);
  if (needle === '') return () => true;
  const needsBorderBefore = part !== 'suffix' && isAlphanumeric(firstCharacter(needle, 0));
  const needsBorderAfter =
    part !== 'prefix' && isAlphanumeric(characterBefore(needle, needle.length));

  return (text) => {
    checkSearch(text.length, needle.length);
    const haystack = caseSensitive ? text : foldCase(text);
    for (
      let start = haystack.indexOf(needle);
      start !== -1;
      start = haystack.indexOf(needle, start + 1)
    ) {
      const end = start + needle.length;
      const isBorderBefore =
        !needsBorderBefore || !isAlphanumeric(characterBefore(haystack, start));
      const isBorderAfter = !needsBorderAfter || !isAlphanumeric(firstCharacter(haystack, end));
      if (isBorderBefore && isBorderAfter) return true;
    }
    return false;
  };
}

/** The whole character at `index`, surrogate pairs included; the empty string at the end of the text. */
function firstCharacter(text: string, index: number): string {
  const codePoint = text.codePointAt(index);
  return codePoint === undefined ? '' : String.fromCodePoint(codePoint);
}

/** The whole character that ends just before `index`; the empty string at the start of the text. */
function characterBefore(text: string, index: number): string {
  if (index <= 0) return '';
  const isPair = index >= 2 && (text.codePointAt(index - 2) ?? 0) > 0xffff;
  return text.slice(isPair ? index - 2 : index - 1, index);
}

function isAlphanumeric(character: string): boolean {
  return /^[\p{L}\p{N}]$/u.test(character);
}
