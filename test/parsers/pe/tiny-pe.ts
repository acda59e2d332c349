/** What a test wants its headers to say. Offsets and sizes in bytes. */
export interface TinyPe {
  readonly magic?: number;
  readonly ntHeaders?: number;
  readonly directoryCount?: number;
  readonly table?: { readonly offset: number; readonly size: number };
  readonly size?: number;
}

/** A file of zeros with just the header fields that signatures depend on. */
export function tinyPe({
  magic = 0x10b,
  ntHeaders = 0x80,
  directoryCount = 16,
  table = { offset: 0, size: 0 },
  size = 1024,
}: TinyPe = {}): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x5a4d, true);
  view.setUint32(0x3c, ntHeaders, true);
  view.setUint32(ntHeaders, 0x4550, true);
  view.setUint16(ntHeaders + 24, magic, true);
  const count = ntHeaders + (magic === 0x20b ? 132 : 116);
  view.setUint32(count, directoryCount, true);
  view.setUint32(count + 36, table.offset, true);
  view.setUint32(count + 40, table.size, true);
  return bytes;
}
