import { ParseError } from '../bytes/parse-error.ts';

/** Problems listed from one file: a hostile one could bring millions. */
const MAX_PROBLEMS = 100;

/** Collects what could not be parsed, so that one bad part costs only itself. */
export class ProblemList {
  readonly #problems: ParseError[] = [];

  /** In the order in which they were found. After the hundredth one `too-many` closes the list. */
  get problems(): readonly ParseError[] {
    return this.#problems;
  }

  add(...problems: readonly ParseError[]): void {
    for (const problem of problems) {
      if (this.#problems.length > MAX_PROBLEMS) return;
      const isFull = this.#problems.length === MAX_PROBLEMS;
      const last = `more than ${MAX_PROBLEMS} problems`;
      this.#problems.push(isFull ? new ParseError('too-many', problem.offset, last) : problem);
    }
  }

  /** What `parse` gives; undefined where it throws a ParseError, which is listed. */
  attempt<Value>(parse: () => Value): Value | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      this.add(error);
      return undefined;
    }
  }
}
