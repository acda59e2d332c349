import { CapturedBytes } from './captured-bytes.ts';
import type { JsonElement } from './json-elements.ts';

const LINE_FEED = 0x0a;

/** JSON Lines: a value a line. A line that is no JSON costs itself only. `offset` is the 1-based line. */
export class JsonLines {
  readonly #bytes = new CapturedBytes();
  #line = 0;

  push(chunk: Uint8Array, found: JsonElement[]): void {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      this.#bytes.add(chunk.subarray(from, end));
      this.#take(found);
      from = end + 1;
    }
    this.#bytes.add(chunk.subarray(from).slice());
  }

  /** The last line needs no line end. */
  end(found: JsonElement[]): void {
    if (this.#bytes.size > 0) this.#take(found);
  }

  #take(found: JsonElement[]): void {
    this.#line += 1;
    const captured = this.#bytes.take();
    if (captured.text === undefined || captured.text.trim() !== '')
      found.push({ path: '', captured, offset: this.#line });
  }
}
