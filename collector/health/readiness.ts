import { accessSync, constants, statfsSync } from 'node:fs';
import { StoreError } from '../store/store-error.ts';

/** Bytes of free disk below which no more records should be sent here: a batch inflates to 32 MB, a checkpoint needs 64. */
export const MIN_FREE_BYTES = 256 * 1024 * 1024;

/** Milliseconds for which a failed write counts: a collector that gets no more batches would never write again. */
const FAILURE_COUNTS_MS = 60_000;

export interface Unready {
  readonly code: 'starting' | 'stopping' | 'store-failed' | 'not-writable' | 'disk-full';
  readonly message: string;
}

/** Whether this collector is alive, and whether it should be given work. */
export class Readiness {
  readonly #dataFolder: string;
  readonly #clock: () => number;
  #warm = false;
  #stopping = false;
  #failed: StoreError | undefined;
  #lastWriteFailure: { readonly at: number; readonly error: StoreError } | undefined;

  /** `clock`: milliseconds since 1970. */
  constructor(dataFolder: string, clock: () => number) {
    this.#dataFolder = dataFolder;
    this.#clock = clock;
  }

  /** The KQL parser has answered its first query. */
  warmedUp(): void {
    this.#warm = true;
  }

  stopping(): void {
    this.#stopping = true;
  }

  /** A thread of the store has ended: nothing will be stored or answered any more. */
  storeFailed(error: StoreError): void {
    this.#failed = error;
  }

  /** What became of a batch: undefined where it was stored. */
  wrote(error: unknown): void {
    if (error === undefined) this.#lastWriteFailure = undefined;
    else if (error instanceof StoreError && (error.code === 'full' || error.code === 'failed'))
      this.#lastWriteFailure = { at: this.#clock(), error };
  }

  /** Why the process should be started again; undefined where it is well. */
  dead(): StoreError | undefined {
    return this.#failed;
  }

  /** Everything that keeps it from doing its work now; empty when it is ready. */
  problems(): readonly Unready[] {
    const problems: Unready[] = [];
    if (!this.#warm) problems.push({ code: 'starting', message: 'the KQL parser is being loaded' });
    if (this.#stopping) problems.push({ code: 'stopping', message: 'the collector is stopping' });
    if (this.#failed) problems.push({ code: 'store-failed', message: this.#failed.message });
    const failure = this.#lastWriteFailure;
    if (failure && this.#clock() - failure.at < FAILURE_COUNTS_MS)
      problems.push({ code: 'not-writable', message: failure.error.message });
    return [...problems, ...this.#diskProblems()];
  }

  #diskProblems(): readonly Unready[] {
    try {
      accessSync(this.#dataFolder, constants.W_OK);
      const free = freeDiskBytes(this.#dataFolder);
      if (free >= MIN_FREE_BYTES) return [];
      const message = `${free} bytes are free on the disk of the data folder, fewer than ${MIN_FREE_BYTES}`;
      return [{ code: 'disk-full', message }];
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      return [
        { code: 'not-writable', message: `the data folder cannot be written to: ${error.code}` },
      ];
    }
  }
}

/** Free bytes, as a process that is not root may use them, on the disk of `folder`. */
export function freeDiskBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
