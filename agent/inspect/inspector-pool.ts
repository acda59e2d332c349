import type { Piscina } from 'piscina';
import { startInspectors } from '../start-worker.ts';
import type { BatchResult, InspectorSettings } from './inspect-batch.ts';
import { isolateFailure } from './isolate-failure.ts';

/** Paths in one message: fewer cost more messages, more make the last batch of a scan long. */
const BATCH_SIZE = 256;
const BATCHES_PER_THREAD = 2;
/** Folders without a file after which the event loop gets a turn: signals and the progress line live there. */
const FOLDERS_PER_TURN = 256;

/** Worker threads that inspect paths, and the pace at which they are given them. */
export class InspectorPool {
  readonly #pool: Piscina<string, BatchResult>;
  readonly #threads: number;
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));

  constructor(threads: number, settings: Omit<InspectorSettings, 'stop'>) {
    this.#threads = threads;
    this.#pool = startInspectors(threads, { ...settings, stop: this.#stop });
  }

  /** No further path is taken up; a file that is being read is left. What was found so far still comes out. */
  stop(): void {
    Atomics.store(this.#stop, 0, 1);
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  /**
   * Results in the order in which they are ready. `paths` is drawn from only while fewer than two batches a thread are
   * under way, so memory does not grow with the tree. A null among the paths stands for the end of a folder.
   */
  async *inspect(paths: Iterable<string | null>): AsyncGenerator<BatchResult> {
    const running = new Map<number, Promise<{ id: number; result: BatchResult }>>();
    const run = (paths: string) => this.#pool.run(paths);
    let next = 0;
    const start = (batch: readonly string[]) => {
      const id = next++;
      running.set(
        id,
        isolateFailure(batch, run).then((result) => ({ id, result })),
      );
    };
    const finished = async () => {
      const { id, result } = await Promise.race(running.values());
      running.delete(id);
      return result;
    };
    let batch: string[] = [];
    let folders = 0;
    for (const path of paths) {
      if (path !== null) batch.push(path);
      else if (++folders % FOLDERS_PER_TURN === 0) await turn();
      if (Atomics.load(this.#stop, 0) !== 0) break;
      if (batch.length < BATCH_SIZE) continue;
      start(batch);
      batch = [];
      if (running.size >= this.#threads * BATCHES_PER_THREAD) yield await finished();
    }
    if (batch.length > 0) start(batch);
    while (running.size > 0) yield await finished();
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
