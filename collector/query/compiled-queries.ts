import type { CompileResult } from './compile-result.ts';

/** Texts that are remembered: those of a few dashboards and hunts. */
const MOST_QUERIES = 100;
/** UTF-16 units. A longer text is compiled each time, so that what is remembered stays within some megabytes. */
const MAX_LENGTH = 8_192;

/**
 * What became of texts that were compiled lately. Dashboards ask the same again and again, compiling takes 20 ms of one
 * thread, and a plan does not depend on the time or the data.
 */
export class CompiledQueries {
  /** The one that was asked for longest ago is first. */
  readonly #results = new Map<string, CompileResult>();

  find(query: string): CompileResult | undefined {
    const result = this.#results.get(query);
    if (result) this.remember(query, result);
    return result;
  }

  remember(query: string, result: CompileResult): void {
    if (query.length > MAX_LENGTH) return;
    this.#results.delete(query);
    this.#results.set(query, result);
    const [oldest] = this.#results.keys();
    if (this.#results.size > MOST_QUERIES && oldest !== undefined) this.#results.delete(oldest);
  }
}
