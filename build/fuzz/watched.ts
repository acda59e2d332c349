import { Worker } from 'node:worker_threads';
import {
  type FuzzJob,
  type FuzzSummary,
  type FuzzThreadData,
  PROGRESS,
  PROGRESS_BYTES,
} from './fuzz-job.ts';

const LOOK_EVERY_MS = 1000;
/**
 * A single execution takes milliseconds: a thread that has done none in so many looks hangs. Looks are counted, not
 * seconds: in a process that is suspended both stand still.
 */
const MOST_IDLE_LOOKS = 20;
/** Megabytes. The inputs have kilobytes: who needs more lets a file decide over memory. */
const MOST_HEAP = 384;

export interface WatchOptions {
  /** Called about every second. */
  readonly onProgress?: (executions: number) => void;
}

/**
 * Does the job in a thread of its own and rejects where an execution hangs or takes all memory, with the place at which
 * it can be repeated.
 */
export function runWatched(job: FuzzJob, { onProgress }: WatchOptions = {}): Promise<FuzzSummary> {
  const progress = new Int32Array(new SharedArrayBuffer(PROGRESS_BYTES));
  const workerData: FuzzThreadData = { job, progress };
  const thread = new Worker(new URL('./fuzz-thread.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP },
  });
  return new Promise((resolve, reject) => {
    let last = -1;
    let idleLooks = 0;
    const timer = setInterval(() => {
      const executions = Atomics.load(progress, PROGRESS.executions);
      onProgress?.(executions);
      if (executions !== last) {
        last = executions;
        idleLooks = 0;
      } else if (++idleLooks > MOST_IDLE_LOOKS) {
        end(() => reject(new Error(`hangs at ${placeOf(job, progress)}`)));
        void thread.terminate();
      }
    }, LOOK_EVERY_MS);
    const end = (settle: () => void) => {
      clearInterval(timer);
      settle();
    };
    thread.once('message', (summary: FuzzSummary) => end(() => resolve(summary)));
    thread.once('error', (error) =>
      end(() => reject(new Error(`${placeOf(job, progress)}: ${error}`, { cause: error }))),
    );
    thread.once('exit', (code) =>
      end(() => reject(new Error(`ended with ${code} at ${placeOf(job, progress)}`))),
    );
  });
}

function placeOf(job: FuzzJob, progress: Int32Array): string {
  const { input, index, chunkSeed } = PROGRESS;
  return job.kind === 'damage'
    ? `input ${progress[input]}, damage ${progress[index]}`
    : `seed ${progress[chunkSeed]}, execution ${progress[index]} of its chunk`;
}
