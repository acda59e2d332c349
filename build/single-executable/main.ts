/**
 * Entry of the executable. No worker file is on disk there: every Worker runs the embedded bundle, whatever file it names.
 * It stands in for agent/bin.mjs without the version guard, since the executable brings its own Node.
 */
import { getAsset } from 'node:sea';
import type { Worker, WorkerOptions } from 'node:worker_threads';
import { main } from '../../agent/cli.ts';

const threads = process.getBuiltinModule('node:worker_threads') as { Worker: typeof Worker };
const code = getAsset('worker.cjs', 'utf8');

threads.Worker = class extends threads.Worker {
  constructor(_file: string | URL, options?: WorkerOptions) {
    super(code, { ...options, eval: true });
  }
};

void main(process.argv);
