import type { RunBook, RunSummary } from './run-book.ts';

/** Milliseconds between two looks at the clock: it may be set, and a host may sleep. */
const TICK_MS = 500;

export interface ScheduleParts {
  readonly runs: RunBook;
  readonly everyMs: number;
  /** One run; undefined where it was stopped. */
  readonly run: (why: string, stopping: AbortSignal) => Promise<RunSummary | undefined>;
  /** What a run could not be for. */
  readonly onError: (error: unknown) => void;
  readonly clock: () => number;
}

/** When hunts run: every interval, at once where one is overdue, and when somebody asks. One at a time. */
export class HuntSchedule {
  readonly #parts: ScheduleParts;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #next: number;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
    const { runs, everyMs, clock } = parts;
    const last = runs.last()?.started;
    const now = clock();
    // Of a clock that was set back the last run lies in the future.
    this.#next = last === undefined ? now : Math.min(last + everyMs, now + everyMs);
    runs.set('every', everyMs);
    this.#tellNext();
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  get next(): number {
    return this.#next;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Begins a run now; false where one is in progress. */
  runNow(why: string): boolean {
    if (this.#running || this.#stopping.signal.aborted) return false;
    this.#next = this.#parts.clock() + this.#parts.everyMs;
    this.#tellNext();
    this.#running = this.#run(why).finally(() => {
      this.#running = undefined;
    });
    return true;
  }

  /** Ends a run that is in progress, and waits for that. What it has not done is repeated. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#running;
    this.#parts.runs.clear('next');
  }

  #tick(): void {
    const { runs, clock, onError } = this.#parts;
    if (this.#running) return;
    try {
      if (runs.setting('asked') !== undefined) {
        runs.clear('asked');
        this.runNow('command line');
      } else if (clock() >= this.#next) this.runNow('schedule');
    } catch (error) {
      onError(error);
    }
  }

  async #run(why: string): Promise<void> {
    try {
      await this.#parts.run(why, this.#stopping.signal);
    } catch (error) {
      this.#parts.onError(error);
    }
  }

  #tellNext(): void {
    this.#parts.runs.set('next', this.#next);
  }
}
