import type { Piscina } from 'piscina';
import { startInspectors } from '../start-worker.ts';
import type { Problem } from './file-outcome.ts';
import type { BatchResult } from './inspect-batch.ts';

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

  constructor(threads: number, maxFileSize: number) {
    this.#threads = threads;
    this.#pool = startInspectors(threads, { maxFileSize, stop: this.#stop });
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
    let next = 0;
    const start = (batch: readonly string[]) => {
      const id = next++;
      running.set(
        id,
        this.#inspectBatch(batch).then((result) => ({ id, result })),
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

  /**
   * A worker that dies, of memory or of a bug, takes its batch with it: the batch is then halved until the one file that
   * does it stands alone, and that file becomes a problem.
   */
  async #inspectBatch(paths: readonly string[]): Promise<BatchResult> {
    try {
      return await this.#pool.run(paths.join('\0'));
    } catch (error) {
      const [path] = paths;
      if (path === undefined) return merge([]);
      if (paths.length === 1) return failed(path, error);
      const middle = Math.ceil(paths.length / 2);
      const first = await this.#inspectBatch(paths.slice(0, middle));
      return merge([first, await this.#inspectBatch(paths.slice(middle))]);
    }
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function failed(path: string, error: unknown): BatchResult {
  const { code = null, message } = error as NodeJS.ErrnoException;
  const reason = 'inspection-failed';
  const problem: Problem = { path, reason, code, offset: null, detail: message };
  return { files: 1, images: [], problems: [problem], otherKinds: {} };
}

function merge(results: readonly BatchResult[]): BatchResult {
  const otherKinds: Record<string, number> = {};
  for (const result of results)
    for (const [kind, count] of Object.entries(result.otherKinds))
      otherKinds[kind] = (otherKinds[kind] ?? 0) + count;
  return {
    files: results.reduce((sum, { files }) => sum + files, 0),
    images: results.flatMap(({ images }) => images),
    problems: results.flatMap(({ problems }) => problems),
    otherKinds,
  };
}
