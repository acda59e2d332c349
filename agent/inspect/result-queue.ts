import type { BatchResult } from './open-batch.ts';

/** Results of batches that workers have under way, in the order in which they become ready. */
export class ResultQueue {
  #running = 0;
  readonly #ready: BatchResult[] = [];
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => {};

  /** Batches that have been added and not taken. */
  get size(): number {
    return this.#running + this.#ready.length;
  }

  add(batch: Promise<BatchResult>): void {
    this.#running += 1;
    batch
      .then(
        (result) => this.#ready.push(result),
        (error: unknown) => {
          this.#failure = { error };
        },
      )
      .finally(() => {
        this.#running -= 1;
        this.#wake();
      });
  }

  /** A result that is ready; undefined where none is. Throws what a batch was rejected with: a bug of ours. */
  take(): BatchResult | undefined {
    if (this.#failure !== undefined) throw this.#failure.error;
    return this.#ready.shift();
  }

  /** The next result; undefined where no batch is under way. */
  async next(): Promise<BatchResult | undefined> {
    if (this.#ready.length === 0 && this.#running > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
    return this.take();
  }
}
