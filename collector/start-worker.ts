import { type Transferable, Worker } from 'node:worker_threads';

/** The threads of the collector, by the file each runs. */
const ENTRIES = {
  'sqlite-writer': './store/sqlite/writer-thread.ts',
  'sqlite-reader': './store/sqlite/reader-thread.ts',
  'kql-compiler': './store/sqlite/compiler-thread.ts',
  ingest: './ingest/ingest-thread.ts',
} as const;

export type ThreadName = keyof typeof ENTRIES;

/**
 * MB of what a thread has made lately. V8 would take three times as much in each before it cleans up; what a thread has for
 * long is not limited by it.
 */
const YOUNG_GENERATION: Readonly<Record<ThreadName, number>> = {
  'sqlite-writer': 24,
  'sqlite-reader': 12,
  'kql-compiler': 12,
  ingest: 24,
};

/**
 * Starts a thread. The only `new Worker` of the collector. In an executable the files' names alone count: see build/package/programs.ts.
 */
export function startWorker(
  name: ThreadName,
  workerData: unknown,
  transfer: readonly Transferable[] = [],
): Worker {
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION[name] };
  return new Worker(new URL(ENTRIES[name], import.meta.url), {
    ...{ name, workerData, resourceLimits },
    transferList: [...transfer],
  });
}
