import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UsageError } from '../usage-error.ts';

/** Bytes read at once. */
const CHUNK = 256 * 1024;

/**
 * The body of an answer on disk: whether a service has cut it is known at its end only, and no row of a cut answer may count.
 * The file has mode 0600 and no name: it is gone when this closes or the process dies.
 */
export class AnswerFile {
  readonly #descriptor: number;
  #size = 0;

  constructor() {
    const name = path.join(tmpdir(), `certsweep-answer-${randomBytes(12).toString('hex')}`);
    this.#descriptor = openSync(name, 'wx+', 0o600);
    rmSync(name);
  }

  get size(): number {
    return this.#size;
  }

  /** Throws UsageError where there is no room. */
  append(chunk: Uint8Array): void {
    try {
      for (let at = 0; at < chunk.length; )
        at += writeSync(this.#descriptor, chunk, at, chunk.length - at, this.#size + at);
    } catch (error) {
      const why = error instanceof Error && error.message;
      throw new UsageError(`cannot keep an answer in ${tmpdir()}: ${why}`);
    }
    this.#size += chunk.length;
  }

  /** From the first byte, as often as asked. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < this.#size; ) {
      const chunk = new Uint8Array(Math.min(CHUNK, this.#size - at));
      const read = readSync(this.#descriptor, chunk, 0, chunk.length, at);
      if (read === 0) throw new Error('the file of an answer became shorter');
      at += read;
      yield chunk.subarray(0, read);
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
