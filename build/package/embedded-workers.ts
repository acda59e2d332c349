/**
 * No worker's file is on disk beside an executable: each Worker runs the embedded bundle of that file's name. The main bundles import
 * this before anything else, Piscina among it.
 */
import { getAsset } from 'node:sea';
import type { Worker, WorkerOptions } from 'node:worker_threads';

const threads = process.getBuiltinModule('node:worker_threads') as { Worker: typeof Worker };

threads.Worker = class extends threads.Worker {
  constructor(file: string | URL, options?: WorkerOptions) {
    const name = String(file).replace(/^.*[\\/]/, '');
    super(getAsset(name, 'utf8'), { ...options, eval: true });
  }
};
