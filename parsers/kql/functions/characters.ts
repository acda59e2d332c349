const SURROGATE = /[\ud800-\udfff]/;

/**
 * Characters as Kusto counts them: code points, so that an emoji is one.
 * Source: Kusto documentation, "strlen()": each Unicode character counts 1, surrogates included.
 */
export function characterCount(text: string): number {
  return SURROGATE.test(text) ? Array.from(text).length : text.length;
}

/** Characters `from` (inclusive) to `to` (exclusive), counted as characterCount does. */
export function sliceCharacters(text: string, from: number, to: number): string {
  return SURROGATE.test(text)
    ? Array.from(text).slice(from, to).join('')
    : text.slice(Math.max(from, 0), Math.max(to, 0));
}

/** UTF-16 index of the character with this number. */
export function unitIndex(text: string, character: number): number {
  return SURROGATE.test(text) ? sliceCharacters(text, 0, character).length : character;
}

export function reverseCharacters(text: string): string {
  return Array.from(text).reverse().join('');
}

/** One character to one character, without regard to language: `ß` has no upper case of one letter and stays. */
export function changeCase(text: string, change: (character: string) => string): string {
  if (/^[\0-\x7f]*$/.test(text)) return change(text);
  return Array.from(text, (character) => {
    const changed = change(character);
    return Array.from(changed).length === 1 ? changed : character;
  }).join('');
}
