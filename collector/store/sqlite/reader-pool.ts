import type { Plan, QueryResult } from '../../../parsers/kql/plan.ts';
import type { RunOptions, StoreStatus } from '../store.ts';
import { StoreError } from '../store-error.ts';
import type { ReaderData, ReaderMethods } from './reader-thread.ts';
import { StoreThread } from './store-thread.ts';

/** Queries that may wait for a thread before another is refused as `busy`. */
const MAX_WAITING = 32;

interface Reader {
  readonly thread: StoreThread<ReaderMethods>;
  /** The run that nobody waits for any more. */
  readonly cancelledRun: Int32Array;
  /** The number of the last query that it was given. */
  currentRun: number;
  busy: boolean;
}

/** Threads that answer queries, one query each at a time; those that find none free wait in line. */
export class ReaderPool {
  readonly #readers: readonly Reader[];
  /** Whom to give the next free thread. */
  readonly #line: PromiseWithResolvers<Reader>[] = [];
  #closed = false;

  private constructor(readers: readonly Reader[]) {
    this.#readers = readers;
  }

  /** Throws StoreError where the database cannot be opened. */
  static async start(dataFolder: string, threads: number): Promise<ReaderPool> {
    const started = await Promise.allSettled(
      Array.from({ length: threads }, () => startReader(dataFolder)),
    );
    const readers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = started.find((one) => one.status === 'rejected');
    if (!failed) return new ReaderPool(readers);
    await Promise.all(readers.map(({ thread }) => thread.terminate()));
    throw failed.reason;
  }

  /** Resolves with the reason when a thread has ended by itself. */
  get failed(): Promise<StoreError> {
    return Promise.race(this.#readers.map(({ thread }) => thread.failed));
  }

  /** Queries that run or wait. */
  get busy(): number {
    return this.#readers.filter(({ busy }) => busy).length + this.#line.length;
  }

  async run(plan: Plan, { now, limits, signal }: RunOptions): Promise<QueryResult> {
    const reader = await this.#take(signal);
    reader.currentRun += 1;
    const stop = () => cancel(reader);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop(); // between its turn and now
    try {
      return await reader.thread.call('run', reader.currentRun, plan, now, limits);
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#give(reader);
    }
  }

  async status(): Promise<StoreStatus> {
    const reader = await this.#take(undefined);
    try {
      return await reader.thread.call('status');
    } finally {
      this.#give(reader);
    }
  }

  /** Running queries are stopped, those in line refused. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const turn of this.#line.splice(0)) turn.reject(closedError());
    for (const reader of this.#readers) cancel(reader);
    await Promise.all(this.#readers.map(({ thread }) => thread.terminate()));
  }

  /** A free thread, after those that asked before. Whoever has gone by then is passed over. */
  async #take(signal: AbortSignal | undefined): Promise<Reader> {
    if (this.#closed) throw closedError();
    if (signal?.aborted) throw cancelledError();
    const free = this.#readers.find(({ busy }) => !busy);
    if (free) {
      free.busy = true;
      return free;
    }
    if (this.#line.length >= MAX_WAITING)
      throw new StoreError('busy', 'too many queries are waiting: try again later');
    const turn = Promise.withResolvers<Reader>();
    this.#line.push(turn);
    const leave = () => {
      const place = this.#line.indexOf(turn);
      if (place === -1) return; // it has its thread
      this.#line.splice(place, 1);
      turn.reject(cancelledError());
    };
    signal?.addEventListener('abort', leave, { once: true });
    try {
      return await turn.promise;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  #give(reader: Reader): void {
    const next = this.#line.shift();
    if (next) next.resolve(reader);
    else reader.busy = false;
  }
}

async function startReader(dataFolder: string): Promise<Reader> {
  const cancelled = new SharedArrayBuffer(4);
  const data: ReaderData = { dataFolder, cancelled };
  const thread = await StoreThread.start<ReaderMethods>('sqlite-reader', data);
  return { thread, cancelledRun: new Int32Array(cancelled), currentRun: 0, busy: false };
}

/** Stops the query that a thread is at, within some thousand rows. */
function cancel({ cancelledRun, currentRun }: Reader): void {
  Atomics.store(cancelledRun, 0, currentRun);
}

function cancelledError(): StoreError {
  return new StoreError('cancelled', 'the query was cancelled');
}

function closedError(): StoreError {
  return new StoreError('cancelled', 'the store was closed');
}
