/** Text of a script, and whether it began with a byte order mark, which is then left out of it. */
export interface ScriptText {
  readonly text: string;
  readonly hasMark: boolean;
  /** File offset of the character at `index` of the text. */
  offsetOf(index: number): number;
}

/**
 * The texts that the bytes can be: one by the byte order mark. Without it UTF-8 where they are that, and Windows-1252, the
 * code page of most signers' machines, where they are more than ASCII: which of the two Windows takes depends on the kind of
 * script and the machine, and a text that was signed cannot be had from the other by chance.
 *
 * UTF-16 keeps what is no character: it is digested as it is.
 */
export function decodeScript(bytes: Uint8Array): ScriptText[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (startsWith(bytes, 0xff, 0xfe)) return [utf16(buffer.subarray(2))];
  if (startsWith(bytes, 0xfe, 0xff)) {
    const even = buffer.subarray(2, buffer.length - (buffer.length % 2));
    return [utf16(Buffer.from(even).swap16())];
  }
  if (startsWith(bytes, 0xef, 0xbb, 0xbf)) {
    const text = decodeUtf8(bytes.subarray(3));
    return text === undefined ? [windows1252(bytes)] : [utf8(text, 3)];
  }
  const text = decodeUtf8(bytes);
  if (text === undefined) return [windows1252(bytes)];
  return text.length === bytes.length ? [utf8(text, 0)] : [utf8(text, 0), windows1252(bytes)];
}

function utf16(buffer: Buffer): ScriptText {
  return {
    text: buffer.toString('utf16le'),
    hasMark: true,
    offsetOf: (index) => 2 + index * 2,
  };
}

function utf8(text: string, markSize: number): ScriptText {
  return {
    text,
    hasMark: markSize > 0,
    offsetOf: (index) => markSize + Buffer.byteLength(text.slice(0, index)),
  };
}

function windows1252(bytes: Uint8Array): ScriptText {
  const text = new TextDecoder('windows-1252').decode(bytes);
  return { text, hasMark: false, offsetOf: (index) => index };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function startsWith(bytes: Uint8Array, ...first: readonly number[]): boolean {
  return first.every((byte, i) => bytes[i] === byte);
}
