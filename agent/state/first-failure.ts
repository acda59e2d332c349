/** A state costs a sweep nothing but time: after SQLite's first error it is no longer asked, and every file is read. */
export class FirstFailure {
  #error: Error | undefined;

  /** undefined while nothing has failed. */
  get error(): Error | undefined {
    return this.#error;
  }

  /** What another thread has met with. */
  note(error: Error): void {
    this.#error ??= error;
  }

  /** undefined where `work` failed in SQLite, now or before. Any other error is a bug and thrown on. */
  attempt<Value>(work: () => Value): Value | undefined {
    if (this.#error !== undefined) return undefined;
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Error) || !('errcode' in error)) throw error;
      this.#error = error;
      return undefined;
    }
  }
}
