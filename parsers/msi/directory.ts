import type { ByteReader } from '../bytes/byte-reader.ts';
import { readWindow } from '../bytes/file-source.ts';
import { ParseError } from '../bytes/parse-error.ts';
import type { CompoundFile, StreamPlace } from './compound-file.ts';

/** A stream: a file within the file. */
export interface StreamEntry extends StreamPlace {
  readonly kind: 'stream';
  /** UTF-16LE, without the terminating zero. */
  readonly name: Uint8Array;
  readonly metadata: EntryMetadata;
}

/** A storage: a folder within the file. The root is one. */
export interface StorageEntry {
  readonly kind: 'storage';
  readonly name: Uint8Array;
  /** 16 bytes as they stand in the file. */
  readonly clsid: Uint8Array;
  readonly metadata: EntryMetadata;
  /** By the bytes of their names, the order in which Windows digests them. */
  readonly children: readonly (StreamEntry | StorageEntry)[];
}

/** Fields that only the extended digest covers, as they stand in the file. */
export interface EntryMetadata {
  /** The low half of the stream size, 4 bytes. */
  readonly size: Uint8Array;
  readonly stateBits: Uint8Array;
  /** Creation time and modified time, 8 bytes each. */
  readonly times: Uint8Array;
}

const ENTRY_SIZE = 128;
const NOSTREAM = 0xffffffff;
const TYPE = { storage: 1, stream: 2, root: 5 } as const;
/** Real installers have some hundred. */
const MAX_ENTRIES = 32_768;
const MAX_DEPTH = 32;

/**
 * Reads the directory as a tree. Entries stand in an array; siblings form a binary tree by left and right, a storage names
 * the root of its children. No entry may be met twice, which rules out loops, and all streams together must fit the file.
 *
 * Order is by the bytes of the UTF-16LE names, not the order of the tree. Source: [MS-CFB] §2.6.
 */
export function readDirectory(file: CompoundFile): StorageEntry {
  return new Directory(file).readRoot();
}

class Directory {
  readonly #file: CompoundFile;
  readonly #places: readonly number[];
  readonly #seen = new Set<number>();
  /** Of all streams so far. Streams that share sectors would be digested without end. */
  #bytes = 0;

  constructor(file: CompoundFile) {
    this.#file = file;
    this.#places = file.directoryPlaces((MAX_ENTRIES * ENTRY_SIZE) / file.sectorSize);
  }

  readRoot(): StorageEntry {
    const at = this.#entry(0);
    if (at.u8(at.start + 66) !== TYPE.root)
      throw new ParseError('bad-value', at.start + 66, 'the first entry is not the root');
    this.#file.useMiniStream(this.#streamPlace(at));
    return this.#storage(at, 0);
  }

  #storage(at: ByteReader, depth: number): StorageEntry {
    const { start } = at;
    if (depth === MAX_DEPTH)
      throw new ParseError('too-deep', start, `storages more than ${MAX_DEPTH} deep`);
    const children = this.#siblings(at.u32(start + 76)).map((child) => {
      const type = child.u8(child.start + 66);
      if (type === TYPE.storage) return this.#storage(child, depth + 1);
      if (type === TYPE.stream) return this.#stream(child);
      throw new ParseError('bad-value', child.start + 66, `a directory entry of type ${type}`);
    });
    children.sort((left, right) => Buffer.compare(left.name, right.name));
    const clsid = at.slice({ offset: start + 80, size: 16 });
    return { kind: 'storage', name: nameOf(at), clsid, metadata: metadataOf(at), children };
  }

  #stream(at: ByteReader): StreamEntry {
    const place = this.#streamPlace(at);
    this.#bytes += place.size;
    if (this.#bytes > this.#file.source.size)
      throw new ParseError('bad-length', at.start + 120, 'the streams are larger than the file');
    return { kind: 'stream', name: nameOf(at), metadata: metadataOf(at), ...place };
  }

  /** Entries of one level, in the order in which they are met. */
  #siblings(root: number): ByteReader[] {
    const found: ByteReader[] = [];
    const pending = [root];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (id === NOSTREAM) continue;
      const at = this.#entry(id);
      found.push(at);
      pending.push(at.u32(at.start + 68), at.u32(at.start + 72));
    }
    return found;
  }

  #entry(id: number): ByteReader {
    const at = id * ENTRY_SIZE;
    const sector = this.#places[Math.floor(at / this.#file.sectorSize)];
    if (sector === undefined)
      throw new ParseError('bad-value', 0, `directory entry ${id} is beyond the directory`);
    const offset = sector + (at % this.#file.sectorSize);
    if (this.#seen.has(id))
      throw new ParseError('bad-value', offset, `directory entry ${id} is met twice`);
    this.#seen.add(id);
    return readWindow(this.#file.source, { offset, size: ENTRY_SIZE });
  }

  /** In version 3 the high half of the size may hold anything. Source: [MS-CFB] §2.6.1. */
  #streamPlace(at: ByteReader): StreamPlace {
    const high = this.#file.majorVersion === 3 ? 0 : at.u32(at.start + 124);
    return {
      startSector: at.u32(at.start + 116),
      size: at.u32(at.start + 120) + high * 2 ** 32,
    };
  }
}

function nameOf(at: ByteReader): Uint8Array {
  const length = at.u16(at.start + 64);
  if (length < 2 || length > 64 || length % 2 !== 0)
    throw new ParseError('bad-length', at.start + 64, `a name of ${length} bytes`);
  return at.slice({ offset: at.start, size: length - 2 });
}

function metadataOf(at: ByteReader): EntryMetadata {
  return {
    size: at.slice({ offset: at.start + 120, size: 4 }),
    stateBits: at.slice({ offset: at.start + 96, size: 4 }),
    times: at.slice({ offset: at.start + 100, size: 16 }),
  };
}
