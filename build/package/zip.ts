import { crc32, deflateRawSync } from 'node:zlib';
import type { ArchiveFile } from './archive-file.ts';

const SIGNATURE = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 } as const;
/** Version 2.0 of the format: deflate. Made by it on Unix (3), so that permissions count. */
const VERSION = 20;
const UNIX = 3 << 8;
const DEFLATE = 8;
const REGULAR_FILE = 0o100000;

interface Packed extends ArchiveFile {
  readonly deflated: Uint8Array;
  readonly crc: number;
  /** Where its local header is. */
  readonly offset: number;
}

/** A .zip of `files`, all of the time `time` (UTC, two seconds exact): the same files give the same bytes. Source: PKWARE, APPNOTE.TXT 4.3. */
export function zip(files: readonly ArchiveFile[], time: Date): Uint8Array {
  const parts: Uint8Array[] = [];
  const packed: Packed[] = [];
  let offset = 0;
  for (const file of files) {
    const deflated = deflateRawSync(file.bytes, { level: 9 });
    const entry = { ...file, deflated, crc: crc32(file.bytes), offset };
    const header = localHeader(entry, time);
    packed.push(entry);
    parts.push(header, deflated);
    offset += header.length + deflated.length;
  }
  const central = Buffer.concat(packed.map((entry) => centralHeader(entry, time)));
  const end = Buffer.alloc(22);
  end.writeUInt32LE(SIGNATURE.end, 0);
  end.writeUInt16LE(packed.length, 8);
  end.writeUInt16LE(packed.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

function localHeader(entry: Packed, time: Date): Uint8Array {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(SIGNATURE.local, 0);
  header.writeUInt16LE(VERSION, 4);
  shared(entry, time).copy(header, 8);
  return Buffer.concat([header, Buffer.from(entry.name, 'latin1')]);
}

function centralHeader(entry: Packed, time: Date): Uint8Array {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(SIGNATURE.central, 0);
  header.writeUInt16LE(UNIX | VERSION, 4);
  header.writeUInt16LE(VERSION, 6);
  shared(entry, time).copy(header, 10);
  header.writeUInt32LE(((REGULAR_FILE | entry.mode) << 16) >>> 0, 38);
  header.writeUInt32LE(entry.offset, 42);
  return Buffer.concat([header, Buffer.from(entry.name, 'latin1')]);
}

/** What both headers hold: method, time, date, checksum, both sizes, length of the name. */
function shared({ name, bytes, deflated, crc }: Packed, time: Date): Buffer {
  const fields = Buffer.alloc(20);
  fields.writeUInt16LE(DEFLATE, 0);
  fields.writeUInt16LE(
    (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1),
    2,
  );
  fields.writeUInt16LE(
    ((time.getUTCFullYear() - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate(),
    4,
  );
  fields.writeUInt32LE(crc, 6);
  fields.writeUInt32LE(deflated.length, 10);
  fields.writeUInt32LE(bytes.length, 14);
  fields.writeUInt16LE(name.length, 18);
  return fields;
}
