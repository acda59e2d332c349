/** Bytes of one value that is handed on whole: a row has some 2 KB. */
export const MAX_ELEMENT_BYTES = 4 * 1024 * 1024;

/** What the splitters hand on: a value's text, or why there is none. */
export type CapturedText =
  | { readonly text: string }
  | { readonly text: undefined; readonly code: 'too-long' | 'not-utf8'; readonly message: string };

/** The bytes of one value, which may come in many chunks. Past MAX_ELEMENT_BYTES only their number is kept. */
export class CapturedBytes {
  #parts: Uint8Array[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Takes the bytes as they are: whoever reuses their memory gives a copy. */
  add(bytes: Uint8Array): void {
    this.#size += bytes.length;
    if (this.#size > MAX_ELEMENT_BYTES) this.#parts = [];
    else if (bytes.length > 0) this.#parts.push(bytes);
  }

  /** Gives the text and begins anew. */
  take(): CapturedText {
    const [parts, size] = [this.#parts, this.#size];
    this.#parts = [];
    this.#size = 0;
    if (size > MAX_ELEMENT_BYTES)
      return { text: undefined, code: 'too-long', message: `${size} bytes, at most 4 MiB fit` };
    try {
      const [only] = parts;
      return { text: utf8.decode(parts.length === 1 ? only : joined(parts, size)) };
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return { text: undefined, code: 'not-utf8', message: 'expected UTF-8' };
    }
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
