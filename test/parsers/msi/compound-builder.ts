/** One entry of a compound file to be built: a storage has children, a stream has bytes. */
export interface EntryPlan {
  readonly name: string;
  readonly bytes?: Uint8Array;
  readonly children?: readonly EntryPlan[];
  /** 16 bytes in hex. */
  readonly clsid?: string;
  /** Creation and modified time, 16 bytes in hex. */
  readonly times?: string;
}

const SECTOR = 512;
const MINI_SECTOR = 64;
const ENDOFCHAIN = 0xfffffffe;
const FATSECT = 0xfffffffd;
const FREESECT = 0xffffffff;
const NOSTREAM = 0xffffffff;
/** FAT, directory and mini FAT are one run each: the FAT has one sector, so the file at most 128. */
const FAT_SECTOR = 0;

/** Offsets of parts that tests damage. */
export interface BuiltCompound {
  readonly bytes: Buffer;
  readonly fatOffset: number;
  readonly directoryOffset: number;
}

/** A version 3 compound file. Siblings form a list by their right links, in the order given. */
export function buildCompound(children: readonly EntryPlan[], clsid = ''): BuiltCompound {
  const sectors: Buffer[] = [Buffer.alloc(SECTOR, 0xff)];
  const next: number[] = [FATSECT];
  const place = (bytes: Uint8Array): number => {
    const start = sectors.length;
    for (let at = 0; at < bytes.length; at += SECTOR) {
      const sector = Buffer.alloc(SECTOR);
      sector.set(bytes.subarray(at, at + SECTOR));
      sectors.push(sector);
      next.push(at + SECTOR < bytes.length ? sectors.length : ENDOFCHAIN);
    }
    return bytes.length === 0 ? ENDOFCHAIN : start;
  };
  const mini: Buffer[] = [];
  const miniNext: number[] = [];
  const placeMini = (bytes: Uint8Array): number => {
    const start = mini.length;
    for (let at = 0; at < bytes.length; at += MINI_SECTOR) {
      const sector = Buffer.alloc(MINI_SECTOR);
      sector.set(bytes.subarray(at, at + MINI_SECTOR));
      mini.push(sector);
      miniNext.push(at + MINI_SECTOR < bytes.length ? mini.length : ENDOFCHAIN);
    }
    return bytes.length === 0 ? ENDOFCHAIN : start;
  };

  const entries: Buffer[] = [];
  const add = (plan: EntryPlan, type: number): Buffer => {
    const entry = entryOf(plan, type);
    entries.push(entry);
    if (plan.bytes) {
      const start = plan.bytes.length < 4096 ? placeMini(plan.bytes) : place(plan.bytes);
      entry.writeUInt32LE(start, 116);
      entry.writeUInt32LE(plan.bytes.length, 120);
    }
    let previous: Buffer | undefined;
    for (const child of plan.children ?? []) {
      const id = entries.length;
      if (previous) previous.writeUInt32LE(id, 72);
      else entry.writeUInt32LE(id, 76);
      previous = add(child, child.children ? 1 : 2);
    }
    return entry;
  };
  const root = add({ name: 'Root Entry', children, clsid }, 5);
  root.writeUInt32LE(place(Buffer.concat(mini)), 116);
  root.writeUInt32LE(mini.length * MINI_SECTOR, 120);

  const miniFat = place(table(miniNext));
  const directory = place(Buffer.concat(entries));
  sectors[FAT_SECTOR] = table(next);
  const header = headerOf(directory, miniFat, Math.ceil(miniNext.length / 128));
  return {
    bytes: Buffer.concat([header, ...sectors]),
    fatOffset: SECTOR,
    directoryOffset: (directory + 1) * SECTOR,
  };
}

function entryOf({ name, clsid = '', times = '' }: EntryPlan, type: number): Buffer {
  const entry = Buffer.alloc(128);
  const length = entry.write(name, 'utf16le');
  entry.writeUInt16LE(length + 2, 64);
  entry.writeUInt8(type, 66);
  for (const link of [68, 72, 76]) entry.writeUInt32LE(NOSTREAM, link);
  entry.write(clsid, 80, 'hex');
  entry.write(times, 100, 'hex');
  return entry;
}

function table(next: readonly number[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil(next.length / 128) * SECTOR, 0xff);
  next.forEach((sector, i) => {
    bytes.writeUInt32LE(sector, i * 4);
  });
  return bytes;
}

function headerOf(directory: number, miniFat: number, miniFatSectors: number): Buffer {
  const header = Buffer.alloc(SECTOR);
  header.write('d0cf11e0a1b11ae1', 'hex');
  header.writeUInt16LE(0x3e, 24);
  header.writeUInt16LE(3, 26);
  header.writeUInt16LE(0xfffe, 28);
  header.writeUInt16LE(9, 30);
  header.writeUInt16LE(6, 32);
  header.writeUInt32LE(1, 44); // FAT sectors
  header.writeUInt32LE(directory, 48);
  header.writeUInt32LE(4096, 56);
  header.writeUInt32LE(miniFat, 60);
  header.writeUInt32LE(miniFatSectors, 64);
  header.writeUInt32LE(ENDOFCHAIN, 68); // no DIFAT sectors
  header.fill(0xff, 76);
  header.writeUInt32LE(FAT_SECTOR, 76);
  return header;
}

export const MARKS = { ENDOFCHAIN, FREESECT };
