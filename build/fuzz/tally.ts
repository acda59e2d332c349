import type { FuzzSummary } from './fuzz-job.ts';
import type { Reading } from './read-hostile.ts';

/** Below this many bytes a ratio says nothing. */
const SMALLEST = 512;

/** Counts what readings came to, and keeps the worst. */
export class Tally {
  readonly found: string[] = [];
  #values = 0;
  #parseErrors = 0;
  #nodesPerByte = 0;
  #bytesReadPerByte = 0;
  #milliseconds = 0;
  #slowest = '';

  /** `size` is that of the damaged input. What `read` throws passes through. */
  timed(name: string, size: number, read: () => Reading): void {
    const start = performance.now();
    const { kind, effort } = read();
    const took = performance.now() - start;
    if (took > this.#milliseconds) {
      this.#milliseconds = took;
      this.#slowest = name;
    }
    if (kind === 'value') this.#values += 1;
    else this.#parseErrors += 1;
    if (size < SMALLEST) return;
    this.#nodesPerByte = Math.max(this.#nodesPerByte, effort.nodes / size);
    this.#bytesReadPerByte = Math.max(this.#bytesReadPerByte, effort.bytesRead / size);
  }

  summary(inputs: number): FuzzSummary {
    return {
      inputs,
      executions: this.#values + this.#parseErrors + this.found.length,
      values: this.#values,
      parseErrors: this.#parseErrors,
      worst: {
        nodesPerByte: this.#nodesPerByte,
        bytesReadPerByte: this.#bytesReadPerByte,
        milliseconds: this.#milliseconds,
        slowest: this.#slowest,
      },
      found: this.found,
    };
  }
}
