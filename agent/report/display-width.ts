/** Two columns wide on a terminal: CJK, Hangul, full-width forms and emoji. Source: Unicode Standard Annex #11. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
/** Drawn over the character before it. */
const COMBINING = /\p{M}/u;
const ELLIPSIS = '…';

/** Columns of a terminal. A pseudo-terminal that nobody has sized says 0. */
export function terminalWidth({ columns }: NodeJS.WriteStream): number {
  return columns || 80;
}

/** Terminal columns of one character of printable text. */
function widthOf(char: string): number {
  if (char < '\u0300') return 1;
  return COMBINING.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
}

export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text) width += widthOf(char);
  return width;
}

/** `text` in exactly `width` columns: padded with blanks, or cut at its end. */
export function fitStart(text: string, width: number): string {
  const shown = displayWidth(text) <= width ? text : take([...text], width - 1).join('') + ELLIPSIS;
  return shown + ' '.repeat(Math.max(0, width - displayWidth(shown)));
}

/** `text` in at most `width` columns, cut at its start: the end of a path says more. */
export function fitEnd(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return (
    ELLIPSIS +
    take([...text].reverse(), width - 1)
      .reverse()
      .join('')
  );
}

/** The first characters that fit in `width` columns. */
function take(characters: readonly string[], width: number): string[] {
  let used = 0;
  const taken: string[] = [];
  for (const char of characters) {
    used += widthOf(char);
    if (used > width) break;
    taken.push(char);
  }
  return taken;
}
