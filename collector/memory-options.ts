/**
 * Options of Node that keep the collector's memory lower: its main thread would else gather 192 MB of what batches leave behind
 * before it cleans up; the other threads have their limits in start-worker.ts. The npm script `collector` has the same.
 */
export const memoryOptions: readonly string[] = ['--max-semi-space-size=8'];
