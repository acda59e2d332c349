import { setTimeout } from 'node:timers/promises';
import type { Piscina } from 'piscina';
import { Pace } from '../pace/pace.ts';
import { BATCHES_PER_WORKER, startInspector } from '../start-worker.ts';
import { KnownFiles } from '../state/known-files.ts';
import { checkHeaders } from './check-headers.ts';
import { ScanStoppedError } from './file-error.ts';
import type { BatchTask, InspectorSettings } from './inspect-batch.ts';
import { isolateFailure } from './isolate-failure.ts';
import { LinkedFiles } from './linked-files.ts';
import type { BatchResult } from './open-batch.ts';
import { ResultQueue } from './result-queue.ts';
import { WorkerCount } from './worker-count.ts';

/** Paths in one message: fewer cost more messages, more make the last batch of a scan long. */
export const BATCH_SIZE = 256;
/** Paths of files that need a closer look, in one message: each costs some milliseconds. */
const SIGNABLE_BATCH_SIZE = 64;
/** Folders without a file after which the event loop gets a turn: signals and the progress line live there. */
const FOLDERS_PER_TURN = 256;

interface Worker {
  readonly pool: Piscina<BatchTask, BatchResult>;
  busy: number;
}

/** Worker threads that inspect paths, the pace at which they are given them, and the main thread's share of their work. */
export class InspectorPool {
  readonly #settings: InspectorSettings;
  /** One Piscina each: it would start all of its threads at once. */
  readonly #workers: Worker[] = [];
  readonly #count: WorkerCount;
  /** What the main thread does while the workers are busy: check headers, and see what has not changed. */
  readonly #checksHeaders: boolean;
  readonly #known: KnownFiles | undefined;
  readonly #pace: Pace | undefined;
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  readonly #results = new ResultQueue();
  readonly #linked = new LinkedFiles();
  #isClosed = false;

  /** `threads` undefined: one, and more where there is enough to read; the main thread then helps. */
  constructor(threads: number | undefined, settings: Omit<InspectorSettings, 'stop'>) {
    this.#settings = { ...settings, stop: this.#stop };
    this.#count = new WorkerCount(settings.pace ? (threads ?? 1) : threads);
    // Limits are kept by pauses, which this thread must not make. Catalogs list scripts, too: only what is known can be settled.
    const isFree = threads === undefined && !settings.pace;
    this.#checksHeaders = isFree && !settings.catalogs;
    this.#known = isFree && settings.known ? new KnownFiles(settings.known) : undefined;
    this.#pace = settings.pace && new Pace(settings.pace);
    this.#startWorkers();
  }

  /** No further path is taken up; a file that is being read is left. What was found so far still comes out. */
  stop(): void {
    Atomics.store(this.#stop, 0, 1);
    Atomics.notify(this.#stop, 0); // those that pause
  }

  /** Also in the middle of its work. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.stop();
    this.#known?.close();
    // A result that was on its way finds nobody who waits for it, which Piscina would throw as an error.
    for (const { pool } of this.#workers) pool.on('error', () => {});
    await Promise.all(this.#workers.map(({ pool }) => pool.destroy()));
  }

  /**
   * Results in the order in which they are ready. `paths` is drawn from only while fewer than BATCHES_PER_WORKER a thread are
   * under way, or as fast as the main thread itself settles them, so memory does not grow with the tree. A null among the
   * paths stands for the end of a folder. Files with several names come last.
   */
  async *inspect(paths: Iterable<string | null>): AsyncGenerator<BatchResult> {
    let batch: string[] = [];
    let signable: string[] = [];
    let folders = 0;
    for (const path of paths) {
      if (path !== null) batch.push(path);
      else if (++folders % FOLDERS_PER_TURN === 0) await turn();
      if (this.#stopped()) break;
      if (batch.length < BATCH_SIZE) continue;
      await this.#rest();
      if (!this.#hasRoom()) await turn(); // a worker may have finished since
      yield* this.#ready();
      if (signable.length > 0 && (this.#hasRoom() || signable.length >= SIGNABLE_BATCH_SIZE)) {
        yield* this.#start(signable, 'defer');
        signable = [];
      }
      if ((this.#checksHeaders || this.#known) && !this.#hasRoom()) {
        const checked = checkHeaders(batch, {
          stopped: this.#stopped,
          known: this.#known,
          onlyKnown: !this.#checksHeaders,
        });
        signable.push(...checked.signable);
        await turn(); // workers' results arrive
        yield checked.result;
      } else {
        yield* this.#start(batch, 'defer');
      }
      batch = [];
      if (this.#linked.isFull) yield* this.#readLinked();
    }
    if (signable.length > 0) yield* this.#start(signable, 'defer');
    if (batch.length > 0) yield* this.#start(batch, 'defer');
    yield* this.#drain();
    yield* this.#readLinked();
    yield* this.#drain();
  }

  /** Gives a worker the batch, once one has room; until then yields what becomes ready. */
  async *#start(paths: readonly string[], links: BatchTask['links']): AsyncGenerator<BatchResult> {
    while (!this.#hasRoom()) {
      const since = performance.now();
      const result = await this.#results.next();
      this.#count.waited(performance.now() - since);
      if (result) yield this.#keepLinked(result);
      this.#startWorkers();
    }
    this.#results.add(isolateFailure(paths, (paths) => this.#run({ paths, links })));
  }

  /** The walk works as well. */
  async #rest(): Promise<void> {
    const milliseconds = this.#pace?.pauseAfter(0) ?? 0;
    if (milliseconds > 0) await setTimeout(milliseconds);
  }

  *#ready(): Generator<BatchResult> {
    for (let result = this.#results.take(); result; result = this.#results.take())
      yield this.#keepLinked(result);
  }

  async *#drain(): AsyncGenerator<BatchResult> {
    for (let result = await this.#results.next(); result; result = await this.#results.next())
      yield this.#keepLinked(result);
  }

  async *#readLinked(): AsyncGenerator<BatchResult> {
    for (const batch of this.#linked.take(BATCH_SIZE)) yield* this.#start(batch, 'together');
  }

  #keepLinked(result: BatchResult): BatchResult {
    this.#count.saw(result);
    this.#linked.add(result.linked);
    return result;
  }

  async #run(task: BatchTask): Promise<BatchResult> {
    if (this.#isClosed) throw new ScanStoppedError('closed'); // Piscina would start a new thread for it
    const worker = this.#workers.reduce((least, other) =>
      other.busy < least.busy ? other : least,
    );
    worker.busy += 1;
    try {
      return await worker.pool.run(task);
    } finally {
      worker.busy -= 1;
    }
  }

  /** Results that were not taken count as well: who finds them must not be overrun. */
  #hasRoom(): boolean {
    return this.#results.size < this.#workers.length * BATCHES_PER_WORKER;
  }

  #startWorkers(): void {
    while (this.#workers.length < this.#count.current)
      this.#workers.push({ pool: startInspector(this.#settings), busy: 0 });
  }

  readonly #stopped = () => Atomics.load(this.#stop, 0) !== 0;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
