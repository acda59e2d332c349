/** What JSON.stringify leaves as it is and a terminal does not show: DEL, C1, format characters, line separators. */
const UNPRINTABLE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A value as one line of JSON in which nothing can redraw a terminal or end a line. It parses to the same value: what a
 * person could not see is escaped as RFC 8259 §7 has it.
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(UNPRINTABLE, (character) =>
    Array.from({ length: character.length }, (_, index) => {
      const unit = character.charCodeAt(index).toString(16);
      return `\\u${unit.padStart(4, '0')}`;
    }).join(''),
  );
}
