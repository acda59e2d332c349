/** Fields of a PE file made for a test. Offsets and sizes in bytes. */
export interface PeFields {
  readonly ntHeaders?: number;
  readonly magic?: number;
  /** The security directory entry. */
  readonly table?: { readonly offset: number; readonly size: number };
  readonly size?: number;
  /** Put at `table.offset`. */
  readonly tableBytes?: Uint8Array;
}

const PE32 = 0x10b;
const SECURITY_ENTRY = 152;

/** A PE32 file with headers and zeros, unsigned unless `table` says otherwise. */
export function peBytes({
  ntHeaders = 64,
  magic = PE32,
  table = { offset: 0, size: 0 },
  size = 1024,
  tableBytes = new Uint8Array(),
}: PeFields = {}): Buffer {
  const bytes = Buffer.alloc(Math.max(size, ntHeaders + 200));
  bytes.write('MZ', 'latin1');
  bytes.writeUInt32LE(ntHeaders, 0x3c);
  bytes.write('PE\0\0', ntHeaders, 'latin1');
  bytes.writeUInt16LE(magic, ntHeaders + 24);
  bytes.writeUInt32LE(16, ntHeaders + 24 + 92); // NumberOfRvaAndSizes
  bytes.writeUInt32LE(table.offset, ntHeaders + SECURITY_ENTRY);
  bytes.writeUInt32LE(table.size, ntHeaders + SECURITY_ENTRY + 4);
  bytes.set(tableBytes, table.offset);
  return bytes;
}
