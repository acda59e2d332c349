/** A set of the ids from 0 to a highest one, a bit each. */
export class UsedIds {
  readonly highest: number;
  readonly #bits: Uint8Array;

  constructor(highest: number) {
    this.highest = highest;
    this.#bits = new Uint8Array(Math.floor(highest / 8) + 1);
  }

  /** An id above the highest is left out: nobody asks for it. */
  add(id: number): void {
    const byte = Math.floor(id / 8);
    this.#bits[byte] = (this.#bits[byte] ?? 0) | (1 << (id % 8));
  }

  has(id: number): boolean {
    return ((this.#bits[Math.floor(id / 8)] ?? 0) & (1 << (id % 8))) !== 0;
  }
}
