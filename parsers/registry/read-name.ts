const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });

/** The name of a key or a value. `narrow`: one byte a character, the low half of UTF-16. */
export function readName(bytes: Uint8Array, narrow: boolean): string {
  return narrow ? Buffer.from(bytes).toString('latin1') : utf16.decode(bytes);
}
