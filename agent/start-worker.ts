import { Piscina } from 'piscina';
import type { BatchTask, InspectorSettings } from './inspect/inspect-batch.ts';
import type { BatchResult } from './inspect/open-batch.ts';

/** Megabytes a worker's heap may take. A file that needs more costs itself, see InspectorPool. */
const OLD_GENERATION = 64;
/** Heap for each byte of revocation lists: an entry of 35 bytes becomes a serial number, a date and a place in a map. */
const REVOCATION_LIST_FACTOR = 8;
/** V8 lets the young generation grow to 48 MB a thread; a batch fits in far less, and it counts once for each worker. */
const YOUNG_GENERATION = 2;

/** Batches that a worker has at once, so that it never waits: the main thread, busy itself, looks for results only now and then. */
export const BATCHES_PER_WORKER = 4;

/**
 * Starts one worker thread of the scan; one that dies is replaced. The only place that names the worker's file. In an
 * executable, where no such file is on disk, the name alone counts: see build/package/programs.ts.
 */
export function startInspector(settings: InspectorSettings): Piscina<BatchTask, BatchResult> {
  const listBytes = settings.trust.crls.reduce((sum, { length }) => sum + length, 0);
  return new Piscina({
    filename: new URL('./inspect/inspect-batch.ts', import.meta.url).href,
    minThreads: 1,
    maxThreads: 1,
    concurrentTasksPerWorker: BATCHES_PER_WORKER,
    workerData: settings,
    recordTiming: false,
    trackUnmanagedFds: false, // every descriptor is closed where it is opened
    resourceLimits: {
      maxOldGenerationSizeMb:
        OLD_GENERATION + Math.ceil((listBytes * REVOCATION_LIST_FACTOR) / 2 ** 20),
      maxYoungGenerationSizeMb: YOUNG_GENERATION,
    },
  });
}
