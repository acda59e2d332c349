import { type JsonElement, MAX_ELEMENT_BYTES } from './json-elements.ts';

const LINE_FEED = 0x0a;

/** JSON Lines: a value a line. A line that is no JSON costs itself only. `offset` is the 1-based line. */
export class JsonLines {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #rest: Uint8Array[] = [];
  #size = 0;
  #line = 0;

  push(chunk: Uint8Array, found: JsonElement[]): void {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      this.#keep(chunk.subarray(from, end));
      this.#take(found);
      from = end + 1;
    }
    this.#keep(chunk.subarray(from).slice());
  }

  /** The last line needs no line end. */
  end(found: JsonElement[]): void {
    if (this.#size > 0) this.#take(found);
  }

  #keep(bytes: Uint8Array): void {
    this.#size += bytes.length;
    if (this.#size > MAX_ELEMENT_BYTES) this.#rest = [];
    else if (bytes.length > 0) this.#rest.push(bytes);
  }

  #take(found: JsonElement[]): void {
    this.#line += 1;
    const text = this.#size > MAX_ELEMENT_BYTES ? undefined : this.#decode();
    if (text === undefined || text.trim() !== '')
      found.push({ path: '', text, offset: this.#line });
    this.#rest = [];
    this.#size = 0;
  }

  #decode(): string | undefined {
    try {
      const parts = this.#rest.map((part) => this.#decoder.decode(part, { stream: true }));
      return parts.join('') + this.#decoder.decode();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return undefined;
    }
  }
}
