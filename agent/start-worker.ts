import { Piscina } from 'piscina';
import type { BatchResult, InspectorSettings } from './inspect/inspect-batch.ts';

/** Megabytes a worker's heap may take. A file that needs more costs itself, see InspectorPool. */
const OLD_GENERATION = 64;
/** Heap for each byte of revocation lists: an entry of 35 bytes becomes a serial number, a date and a place in a map. */
const REVOCATION_LIST_FACTOR = 8;
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
  const listBytes = settings.trust.crls.reduce((sum, { length }) => sum + length, 0);
  return new Piscina({
    filename: new URL('./inspect/inspect-batch.ts', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 2, // the next batch is there when one is done
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
