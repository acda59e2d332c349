import type { ByteReader } from '../bytes/byte-reader.ts';
import { type FileSource, readWindow } from '../bytes/file-source.ts';
import { ParseError } from '../bytes/parse-error.ts';

/** Bytes of the base block; offsets in a hive count from behind it. */
export const BASE_BLOCK_SIZE = 4096;
/** Marks an offset that leads nowhere. */
export const NO_CELL = 0xffffffff;
const CELL_HEADER_SIZE = 4;

/** Where in the file the cell at `offset` stands. */
export function fileOffset(offset: number): number {
  return BASE_BLOCK_SIZE + offset;
}

/** Reads from one hive: what its size allows, up to so many. Of 500 roots among 2,000 other keys all take some 60,000. */
const MAX_READS = 500_000;
const LEAST_READS = 1000;
/** Bytes read from one hive, likewise: cells may overlap, and a small hive could then hold endless values. */
const MAX_BYTES = 128 * 1024 * 1024;
const LEAST_BYTES = 256 * 1024;

/**
 * The cells of a hive: pieces with a size before them, found by offset. Only what is asked for is read; how much that may
 * be in all is limited for each hive, so that lists which lead back to themselves end.
 * Source: M. Suhanov, "Windows registry file format specification", "Cell".
 */
export class HiveCells {
  readonly #source: FileSource;
  /** File offset at which the last hive bin ends. */
  readonly #end: number;
  #readsLeft: number;
  #bytesLeft: number;

  /** `binsSize`: bytes of all hive bins, as the base block has it. */
  constructor(source: FileSource, binsSize: number) {
    this.#source = source;
    this.#end = Math.min(source.size, fileOffset(binsSize));
    this.#readsLeft = Math.min(MAX_READS, LEAST_READS + this.#end / 2);
    this.#bytesLeft = Math.min(MAX_BYTES, LEAST_BYTES + this.#end * 4);
  }

  /** The first `size` bytes in the cell at `offset` (from the first hive bin). */
  read(offset: number, size: number): ByteReader {
    const room = this.sizeOf(offset);
    const start = fileOffset(offset) + CELL_HEADER_SIZE;
    if (size > room)
      throw new ParseError('bad-length', start, `${size} bytes wanted of a cell with ${room}`);
    this.#charge(start, size);
    return readWindow(this.#source, { offset: start, size });
  }

  /** Bytes that the cell at `offset` holds. A cell that is not in use is an error: what it held has been deleted. */
  sizeOf(offset: number): number {
    const start = fileOffset(offset);
    if (start + CELL_HEADER_SIZE > this.#end)
      throw new ParseError('truncated', start, `a cell at ${start}, the hive ends at ${this.#end}`);
    this.#charge(start, CELL_HEADER_SIZE);
    const field = { offset: start, size: CELL_HEADER_SIZE };
    // Negative where the cell is in use.
    const size = 2 ** 32 - readWindow(this.#source, field).u32(start);
    if (size > 2 ** 31) throw new ParseError('bad-value', start, 'a cell that is not in use');
    if (size < CELL_HEADER_SIZE || start + size > this.#end)
      throw new ParseError('bad-length', start, `a cell of ${size} bytes`);
    return size - CELL_HEADER_SIZE;
  }

  #charge(start: number, size: number): void {
    this.#readsLeft -= 1;
    this.#bytesLeft -= size;
    if (this.#readsLeft < 0 || this.#bytesLeft < 0)
      throw new ParseError('too-many', start, 'the hive leads on without an end');
  }
}
