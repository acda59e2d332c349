import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { constants, zstdCompressSync } from 'node:zlib';
import type { Fleet } from './fleet.ts';

/** Rows of a batch: what a sweep of a host ships, and what fits into the 4 MB that an agent puts into one. */
export const ROWS_OF_BATCH = 2_500;

/** One batch as it goes over the wire. */
export interface Body {
  /** SHA-256 of the rows before compression. */
  readonly id: string;
  readonly rows: number;
  /** Place in Fleet.deviceIds. */
  readonly device: number;
  /** When the device swept, milliseconds since 1970. */
  readonly time: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

type Entry = Omit<Body, 'bytes'> & { readonly offset: number; readonly size: number };

/** Batches in a file, made before the clock runs: a client that makes rows takes the cores from the collector. */
export class Bodies {
  readonly #file: number;
  readonly #entries: Entry[] = [];
  #next = 0;
  /** Bytes before compression. */
  rawBytes = 0;
  sentBytes = 0;

  constructor(fleet: Fleet, rows: number, file: string) {
    this.#file = openSync(file, 'w+');
    const sweeps = Math.ceil(rows / ROWS_OF_BATCH);
    for (let index = 0; index < sweeps; index += 1) {
      const count = Math.min(ROWS_OF_BATCH, rows - index * ROWS_OF_BATCH);
      const records = fleet.sweep(index, sweeps, count);
      const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
      const bytes = zstdCompressSync(text, {
        params: { [constants.ZSTD_c_compressionLevel]: 3 },
      });
      writeSync(this.#file, bytes);
      this.#entries.push({
        id: createHash('sha256').update(text).digest('hex'),
        rows: count,
        device: fleet.deviceOf(index),
        time: fleet.timeOf(index, sweeps),
        offset: this.sentBytes,
        size: bytes.length,
      });
      this.sentBytes += bytes.length;
      this.rawBytes += text.length;
    }
  }

  /** The next batch that nobody took; undefined after the last. */
  take(): Body | undefined {
    const entry = this.#entries[this.#next];
    if (!entry) return undefined;
    this.#next += 1;
    const { offset, size, ...rest } = entry;
    const bytes = new Uint8Array(size);
    readSync(this.#file, bytes, 0, size, offset);
    return { ...rest, bytes };
  }

  close(): void {
    closeSync(this.#file);
  }
}
