import { availableParallelism } from 'node:os';
import type { BatchResult } from './open-batch.ts';

/** More threads wait for the disk rather than read faster, and each takes some 25 MB. */
const MOST_WORKERS = 4;
/** A worker takes 0.1 s to start: below so much work, done by the workers there are, a further one is not worth it. */
const IMAGES = 1000;
const BYTES = 512 * 1024 ** 2;
/** Share of its time that the main thread must have waited for the workers: else it does as much as one itself. */
const WAITED = 0.5;

/** How many workers a sweep has: as many as were asked for, else one, and more where the work is more than one can do. */
export class WorkerCount {
  #current: number;
  readonly #most: number;
  #images = 0;
  #bytes = 0;
  #waited = 0;
  #since: number;
  readonly #now: () => number;

  /** `asked` undefined: as the work and the machine have it. `now` in milliseconds. */
  constructor(
    asked: number | undefined,
    cores = availableParallelism(),
    now: () => number = performance.now.bind(performance),
  ) {
    this.#now = now;
    this.#since = now();
    this.#current = asked ?? 1;
    this.#most = asked ?? Math.min(MOST_WORKERS, cores);
  }

  get current(): number {
    return this.#current;
  }

  /** To be told of all that the workers did. */
  saw({ images }: BatchResult): void {
    this.#images += images.length;
    for (const { size } of images) this.#bytes += size;
  }

  /** To be told of each time that the main thread could only wait for the workers. */
  waited(milliseconds: number): void {
    this.#waited += milliseconds;
    const elapsed = this.#now() - this.#since;
    if (this.#current >= this.#most || this.#waited < elapsed * WAITED) return;
    if (this.#images < IMAGES && this.#bytes < BYTES) return;
    this.#current += 1;
    this.#since = this.#now(); // the next one must be earned as well
    this.#waited = 0;
    this.#images = 0;
    this.#bytes = 0;
  }
}
