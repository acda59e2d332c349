/**
 * Folds case for the comparisons that ignore it: one code point to one code point, by Unicode's simple upper-case
 * mapping, without regard to language.
 *
 * `ß` stays (its upper case would be two letters), and nothing outside ASCII becomes ASCII: dotless `ı` is not `I`, nor
 * `ſ` an `S`. Source: .NET StringComparison.OrdinalIgnoreCase (pal_casing.c, "Disable Turkish I behavior on Ordinal
 * operations").
 */
export function foldCase(text: string): string {
  return isAscii(text) ? text.toUpperCase() : Array.from(text, foldCodePoint).join('');
}

function foldCodePoint(character: string): string {
  const upper = character.toUpperCase();
  if (upper === character || hasSeveralCodePoints(upper)) return character;
  return isAscii(upper) && !isAscii(character) ? character : upper;
}

function hasSeveralCodePoints(text: string): boolean {
  return text.length > 1 && (text.codePointAt(0) ?? 0) <= 0xffff;
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) return false;
  }
  return true;
}
