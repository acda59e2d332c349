import { Worker } from 'node:worker_threads';

/** The threads of the collector, by the file each runs. */
const ENTRIES = {
  'sqlite-writer': './store/sqlite/writer-thread.ts',
  'sqlite-reader': './store/sqlite/reader-thread.ts',
  'kql-compiler': './store/sqlite/compiler-thread.ts',
} as const;

export type ThreadName = keyof typeof ENTRIES;

/**
 * Starts a thread. The only `new Worker` of the collector. In an executable the files' names alone count: see build/package/programs.ts.
 */
export function startWorker(name: ThreadName, workerData: unknown): Worker {
  return new Worker(new URL(ENTRIES[name], import.meta.url), { name, workerData });
}
