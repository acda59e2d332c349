import { Piscina } from 'piscina';
import type { BatchResult, InspectorSettings } from './inspect/inspect-batch.ts';

/** Megabytes a worker's heap may take. A file that needs more costs itself, see InspectorPool. */
const OLD_GENERATION = 64;
/** V8 lets the young generation grow to 48 MB a thread; a batch fits in far less, and it counts twice with two workers. */
const YOUNG_GENERATION = 2;

/**
 * Starts the worker threads of the scan. The only place that names the worker's file, and with it the only one that a
 * single-executable build has to replace, where no such file is on disk.
 */
export function startInspectors(
  threads: number,
  settings: InspectorSettings,
): Piscina<string, BatchResult> {
  return new Piscina({
    filename: new URL('./inspect/inspect-batch.ts', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 2, // the next batch is there when one is done
    workerData: settings,
    recordTiming: false,
    trackUnmanagedFds: false, // every descriptor is closed where it is opened
    resourceLimits: {
      maxOldGenerationSizeMb: OLD_GENERATION,
      maxYoungGenerationSizeMb: YOUNG_GENERATION,
    },
  });
}
