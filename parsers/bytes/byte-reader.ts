import { ParseError } from './parse-error.ts';

/** A run of bytes: `offset` from the start of the file, `size` in bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly size: number;
}

/**
 * Random access to little-endian bytes by absolute file offset. Every read checks its bounds first and throws
 * ParseError `truncated`, nothing else. `bytes` may be a window of a larger file that begins at `start`.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  /** Offset in the file of the first byte of `bytes`. */
  readonly start: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, start = 0) {
    this.bytes = bytes;
    this.start = start;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Offset in the file just past the last byte at hand. */
  get end(): number {
    return this.start + this.bytes.length;
  }

  u8(offset: number): number {
    return this.#view.getUint8(this.#at(offset, 1));
  }

  u16(offset: number): number {
    return this.#view.getUint16(this.#at(offset, 2), true);
  }

  u32(offset: number): number {
    return this.#view.getUint32(this.#at(offset, 4), true);
  }

  /** A view, not a copy. */
  slice({ offset, size }: ByteRange): Uint8Array {
    const at = this.#at(offset, size);
    return this.bytes.subarray(at, at + size);
  }

  /** True where `size` bytes from `offset` are at hand. Plain numbers: no 32-bit arithmetic. */
  has(offset: number, size: number): boolean {
    return offset >= this.start && size >= 0 && offset + size <= this.end;
  }

  #at(offset: number, size: number): number {
    if (this.has(offset, size)) return offset - this.start;
    throw new ParseError(
      'truncated',
      offset,
      `${size} bytes wanted at ${offset}, input ends at ${this.end}`,
    );
  }
}
