/** Results kept. A machine has some hundreds of signers; whoever makes up more of them costs time, not memory. */
const MOST_RESULTS = 4096;

/** Characters of a longer key are not worth keeping: nobody has such a name. */
const LONGEST_KEY = 500;

/** Remembers what `make` gave for a key. When it is full it forgets everything and begins again. */
export class BoundedMemo<Result> {
  readonly #make: (key: string) => Result;
  readonly #results = new Map<string, Result>();

  /** `make` must depend on its key alone. */
  constructor(make: (key: string) => Result) {
    this.#make = make;
  }

  get(key: string): Result {
    const known = this.#results.get(key);
    if (known !== undefined) return known;
    const result = this.#make(key);
    if (key.length > LONGEST_KEY) return result;
    if (this.#results.size >= MOST_RESULTS) this.#results.clear();
    this.#results.set(key, result);
    return result;
  }
}
