/**
 * Control characters (C0, C1, DEL), line and paragraph separators, and format characters: bidirectional overrides and
 * isolates, zero-width characters, the byte order mark, tags. A name may hold any of them and could otherwise redraw
 * the terminal or read backwards.
 * Source: Unicode Standard, general categories Cc, Cf, Zl, Zp, Cs (lone surrogates).
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * `text` as one line that is safe on a terminal: what a person cannot see is written as an escape, `\n` or `\u{202e}`.
 * For people only: two different names may print alike (a name may hold a backslash); machines read NDJSON.
 */
export function printable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (char) => SHORT[char] ?? `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );
}

/** The same for a message of several lines: its line breaks stay. A name in it must have been through printable alone. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
