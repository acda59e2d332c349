import type { ByteReader } from '../bytes/byte-reader.ts';
import { type FileSource, readWindow } from '../bytes/file-source.ts';
import { ParseError } from '../bytes/parse-error.ts';

/** Sector numbers from here on are marks, not places. Source: [MS-CFB] §2.1. */
export const MAXREGSECT = 0xfffffffa;
const ENDOFCHAIN = 0xfffffffe;

/**
 * A FAT or mini FAT: which sector follows which. It is spread over sectors of the file, of which only the last one used is
 * in memory: chains mostly run straight on. Source: [MS-CFB] §2.3, §2.4.
 */
export class SectorTable {
  readonly #source: FileSource;
  readonly #sectorSize: number;
  /** File offsets of the sectors that hold the table, in its order. */
  readonly #places: readonly number[];
  #window: ByteReader | undefined;

  constructor(source: FileSource, sectorSize: number, places: readonly number[]) {
    this.#source = source;
    this.#sectorSize = sectorSize;
    this.#places = places;
  }

  /** The sectors of a chain up to its end, lazily. A chain of more than `limit` bites its tail: `too-many`. */
  *chain(start: number, limit: number): Generator<number> {
    let sector = start;
    for (let count = 0; sector !== ENDOFCHAIN; count++) {
      if (count === limit)
        throw new ParseError('too-many', this.#placeOf(sector), `a chain of over ${limit} sectors`);
      yield sector;
      sector = this.#next(sector);
    }
  }

  #next(sector: number): number {
    const place = this.#placeOf(sector);
    const start = place - (place % this.#sectorSize);
    if (this.#window?.start !== start)
      this.#window = readWindow(this.#source, { offset: start, size: this.#sectorSize });
    return this.#window.u32(place);
  }

  /** File offset of the entry that says what follows `sector`. */
  #placeOf(sector: number): number {
    const perSector = this.#sectorSize / 4;
    const start = this.#places[Math.floor(sector / perSector)];
    if (start !== undefined) return start + (sector % perSector) * 4;
    const message = `sector 0x${sector.toString(16)} is beyond the allocation table`;
    throw new ParseError('bad-value', 0, message);
  }
}
