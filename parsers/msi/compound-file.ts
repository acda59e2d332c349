import type { ByteRange, ByteReader } from '../bytes/byte-reader.ts';
import { type FileSource, readWindow } from '../bytes/file-source.ts';
import { ParseError } from '../bytes/parse-error.ts';
import { MAXREGSECT, SectorTable } from './sector-table.ts';

/** Where the bytes of one stream are. */
export interface StreamPlace {
  readonly startSector: number;
  /** Bytes. */
  readonly size: number;
}

const HEADER_SIZE = 512;
const SIGNATURE_LOW = 0xe011cfd0;
const SIGNATURE_HIGH = 0xe11ab1a1;
const HEADER_DIFAT = 76;
const HEADER_DIFAT_ENTRIES = 109;
const MINI_SECTOR_SIZE = 64;
/** Bytes. A smaller stream lives in the mini stream. The header repeats this number, and no other is allowed. */
const MINI_STREAM_CUTOFF = 4096;
/** Bytes. The mini stream holds streams below 4 KB; its sector numbers are kept in memory. */
const MAX_MINI_STREAM = 256 * 1024 * 1024;

/**
 * The sectors of a compound file, read as they are asked for: of a 2 GB installer a few sectors and a list of where the FAT
 * is are in memory. Every chain is bounded by the size of what it holds, and that by the size of the file.
 *
 * Source: [MS-CFB] §2.2 (header), §2.5 (DIFAT), §2.4 (mini FAT).
 */
export class CompoundFile {
  readonly source: FileSource;
  readonly majorVersion: number;
  /** Bytes: 512 in version 3, 4096 in version 4. */
  readonly sectorSize: number;
  readonly #header: ByteReader;
  readonly #fat: SectorTable;
  #miniStream: MiniStream | undefined;

  constructor(source: FileSource) {
    const header = readWindow(source, { offset: 0, size: HEADER_SIZE });
    if (header.u32(0) !== SIGNATURE_LOW || header.u32(4) !== SIGNATURE_HIGH)
      throw new ParseError('bad-magic', 0, 'no compound file signature');
    this.source = source;
    this.majorVersion = header.u16(26);
    this.sectorSize = sectorSizeOf(header);
    if (header.u16(32) !== Math.log2(MINI_SECTOR_SIZE))
      throw new ParseError('unsupported', 32, `mini sector shift ${header.u16(32)}`);
    if (header.u32(56) !== MINI_STREAM_CUTOFF)
      throw new ParseError('unsupported', 56, `mini stream cutoff ${header.u32(56)}`);
    this.#header = header;
    this.#fat = new SectorTable(source, this.sectorSize, this.#fatPlaces());
  }

  /** Sectors behind the header, a cut-off last one included. */
  get sectorCount(): number {
    return Math.max(0, Math.ceil(this.source.size / this.sectorSize) - 1);
  }

  /** File offsets of the sectors of the directory, of which no more than `limit` are allowed. */
  directoryPlaces(limit: number): number[] {
    return this.#placesOfChain(this.#header.u32(48), limit);
  }

  /** The mini stream is the root entry's. To be called once, before any small stream is read. */
  useMiniStream(root: StreamPlace): void {
    if (root.size > MAX_MINI_STREAM)
      throw new ParseError('too-many', 0, `a mini stream of ${root.size} bytes`);
    const first = this.#header.u32(60);
    const limit = this.#header.u32(64);
    const tables = limit === 0 ? [] : this.#placesOfChain(first, limit);
    this.#miniStream = {
      table: new SectorTable(this.source, this.sectorSize, tables),
      places: root.size === 0 ? [] : this.#placesOfChain(root.startSector, this.sectorCount),
      size: root.size,
    };
  }

  /** The ranges of the file that are the stream's bytes, in order; sectors that stand side by side are one range. */
  *streamRanges(stream: StreamPlace): Generator<ByteRange> {
    if (stream.size > this.source.size)
      throw new ParseError('bad-length', 0, `a stream of ${stream.size} bytes`);
    const isMini = stream.size < MINI_STREAM_CUTOFF;
    const sectorSize = isMini ? MINI_SECTOR_SIZE : this.sectorSize;
    let left = stream.size;
    let run: ByteRange = { offset: 0, size: 0 };
    for (const place of isMini ? this.#miniPlaces(stream) : this.#bigPlaces(stream)) {
      const size = Math.min(left, sectorSize);
      if (place === run.offset + run.size) run = { offset: run.offset, size: run.size + size };
      else {
        if (run.size > 0) yield run;
        run = { offset: place, size };
      }
      left -= size;
      if (left === 0) break;
    }
    if (left > 0) throw new ParseError('truncated', 0, `a stream's chain ends ${left} bytes early`);
    if (run.size > 0) yield run;
  }

  *#bigPlaces({ startSector, size }: StreamPlace): Generator<number> {
    const count = Math.ceil(size / this.sectorSize);
    for (const sector of this.#fat.chain(startSector, count)) yield this.#offsetOf(sector);
  }

  *#miniPlaces({ startSector, size }: StreamPlace): Generator<number> {
    if (size === 0) return;
    const mini = this.#miniStream;
    if (mini === undefined) throw new Error('useMiniStream was not called');
    const count = Math.ceil(size / MINI_SECTOR_SIZE);
    for (const sector of mini.table.chain(startSector, count)) {
      const offset = sector * MINI_SECTOR_SIZE;
      const place = mini.places[Math.floor(offset / this.sectorSize)];
      if (place === undefined || offset + MINI_SECTOR_SIZE > roundUp(mini.size))
        throw new ParseError('bad-value', 0, `mini sector ${sector} is beyond the mini stream`);
      yield place + (offset % this.sectorSize);
    }
  }

  #placesOfChain(start: number, limit: number): number[] {
    const bound = Math.min(limit, this.sectorCount);
    return Array.from(this.#fat.chain(start, bound), (sector) => this.#offsetOf(sector));
  }

  /** File offset of a sector; the header takes the place of one. Source: [MS-CFB] §2.1. */
  #offsetOf(sector: number): number {
    const offset = (sector + 1) * this.sectorSize;
    if (sector < this.sectorCount) return offset;
    const message = `sector 0x${sector.toString(16)} of ${this.sectorCount}`;
    throw new ParseError('bad-value', offset, message);
  }

  /** Where the FAT is: 109 sectors by the header, more by a chain of DIFAT sectors whose last entry names the next. */
  #fatPlaces(): number[] {
    const perSector = this.sectorSize / 4;
    const wanted = Math.min(this.#header.u32(44), Math.ceil(this.sectorCount / perSector));
    const places: number[] = [];
    const take = (difat: ByteReader, at: number, entries: number) => {
      for (let i = 0; i < entries && places.length < wanted; i++)
        places.push(this.#offsetOf(difat.u32(at + i * 4)));
    };
    take(this.#header, HEADER_DIFAT, HEADER_DIFAT_ENTRIES);
    let next = this.#header.u32(68);
    while (places.length < wanted) {
      if (next >= MAXREGSECT) throw new ParseError('truncated', 68, 'the DIFAT ends early');
      const offset = this.#offsetOf(next);
      const difat = readWindow(this.source, { offset, size: this.sectorSize });
      take(difat, offset, perSector - 1);
      next = difat.u32(offset + this.sectorSize - 4);
    }
    return places;
  }
}

interface MiniStream {
  readonly table: SectorTable;
  /** File offsets of the sectors of the mini stream. */
  readonly places: readonly number[];
  readonly size: number;
}

function roundUp(size: number): number {
  return Math.ceil(size / MINI_SECTOR_SIZE) * MINI_SECTOR_SIZE;
}

function sectorSizeOf(header: ByteReader): number {
  const version = header.u16(26);
  const shift = header.u16(30);
  if ((version === 3 && shift === 9) || (version === 4 && shift === 12)) return 2 ** shift;
  throw new ParseError('unsupported', 26, `version ${version} with sector shift ${shift}`);
}
