/**
 * Paths as this program passes them on: always a string, also where the name on disk is not valid UTF-8.
 *
 * A POSIX name is any bytes but NUL and `/`. A byte that is not part of valid UTF-8 becomes the lone surrogate
 * U+DC00 + byte, which no valid text contains, so every path goes through a string and back without loss.
 * Source: Python PEP 383, "surrogateescape".
 */
const ESCAPED_BYTE = /[\udc80-\udcff]/gu;
const ESCAPE = 0xdc00;

/** What to give to `node:fs`: the string itself, or the bytes where it carries escaped ones. */
export function fsPath(path: string): string | Buffer {
  return path.isWellFormed() ? path : Buffer.concat(pieces(path));
}

/** What a person reads and a record holds: each byte that is not UTF-8 as `\xff`. */
export function readablePath(path: string): string {
  if (path.isWellFormed()) return path;
  return path.replace(ESCAPED_BYTE, (char) => `\\x${(char.charCodeAt(0) - ESCAPE).toString(16)}`);
}

/** The string for the bytes of a name. */
export function pathFromBytes(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return byCharacters(bytes); // what a fatal TextDecoder throws
    throw error;
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function byCharacters(bytes: Uint8Array): string {
  let path = '';
  for (let at = 0; at < bytes.length; ) {
    const size = characterSize(bytes, at);
    if (size === 0) {
      path += String.fromCharCode(ESCAPE + (bytes[at] ?? 0));
      at += 1;
    } else {
      path += strictUtf8.decode(bytes.subarray(at, at + size));
      at += size;
    }
  }
  return path;
}

/**
 * Bytes of the UTF-8 character at `at`, or 0 where none starts there. Looked up, not tried: a folder of names without one
 * valid character must not cost an exception a byte. Source: RFC 3629 §4.
 */
function characterSize(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const [lowest, highest] = SECOND_BYTES.get(first) ?? [0x80, 0xbf];
  const second = bytes[at + 1] ?? 0;
  if (second < lowest || second > highest) return 0;
  for (let more = 2; more < size; more++) if (((bytes[at + more] ?? 0) & 0xc0) !== 0x80) return 0;
  return size;
}

/** Limits of the second byte where they are narrower than usual: no overlong form, no surrogate, nothing past U+10FFFF. */
const SECOND_BYTES: ReadonlyMap<number, readonly [number, number]> = new Map([
  [0xe0, [0xa0, 0xbf]],
  [0xed, [0x80, 0x9f]],
  [0xf0, [0x90, 0xbf]],
  [0xf4, [0x80, 0x8f]],
]);

function pieces(path: string): Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  for (const match of path.matchAll(ESCAPED_BYTE)) {
    parts.push(Buffer.from(path.slice(from, match.index)));
    parts.push(Buffer.of(match[0].charCodeAt(0) - ESCAPE));
    from = match.index + 1;
  }
  parts.push(Buffer.from(path.slice(from)));
  return parts;
}
