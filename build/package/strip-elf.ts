const HEADER = { shoff: 0x28, shentsize: 0x3a, shnum: 0x3c, shstrndx: 0x3e } as const;
const SECTION = { size: 64, type: 4, flags: 8, offset: 24, length: 32, link: 40 } as const;
const SHT_NOBITS = 8;
const SHF_ALLOC = 2;

interface Section {
  readonly header: Buffer;
  readonly loaded: boolean;
  /** File offset just after its bytes. */
  readonly end: number;
}

/**
 * `elf` without what is never loaded: debugging sections and the symbols of the linker, a seventh of Node's executable. What is loaded,
 * dynamic symbols among it, keeps its place and its section headers. For 64-bit little-endian files in which the sections that
 * are loaded come first; throws for others. Source: System V ABI, "Object Files", sections "ELF Header" and "Section Header Table".
 */
export function stripElf(elf: Uint8Array): Uint8Array {
  const file = Buffer.from(elf.buffer, elf.byteOffset, elf.byteLength);
  if (file.toString('latin1', 0, 6) !== '\x7fELF\x02\x01')
    throw new Error('not a 64-bit little-endian ELF file');
  const sections = readSections(file);
  const kept = sections.slice(0, sections.findLastIndex(({ loaded }) => loaded) + 1);
  if (kept.length === 0) throw new Error('the ELF file has no loaded section');
  if (kept.some(({ header }) => header.readUInt32LE(SECTION.link) >= kept.length))
    throw new Error('a loaded section of the ELF file refers to one that is not loaded');
  const names = sections[file.readUInt16LE(HEADER.shstrndx)]?.header;
  if (!names) throw new Error('the ELF file has no section names');

  const body = file.subarray(0, Math.max(...kept.map(({ end }) => end)));
  const nameOffset = Number(names.readBigUInt64LE(SECTION.offset));
  const nameBytes = file.subarray(
    nameOffset,
    nameOffset + Number(names.readBigUInt64LE(SECTION.length)),
  );
  const nameHeader = Buffer.from(names);
  nameHeader.writeBigUInt64LE(BigInt(body.length), SECTION.offset);
  const padding = Buffer.alloc(-(body.length + nameBytes.length) & 7);
  const headers = [...kept.map(({ header }) => header), nameHeader];

  const stripped = Buffer.concat([body, nameBytes, padding, ...headers]);
  stripped.writeBigUInt64LE(BigInt(body.length + nameBytes.length + padding.length), HEADER.shoff);
  stripped.writeUInt16LE(headers.length, HEADER.shnum);
  stripped.writeUInt16LE(kept.length, HEADER.shstrndx);
  return stripped;
}

function readSections(file: Buffer): Section[] {
  if (file.readUInt16LE(HEADER.shentsize) !== SECTION.size)
    throw new Error('the ELF file has section headers of an unknown size');
  const start = Number(file.readBigUInt64LE(HEADER.shoff));
  return Array.from({ length: file.readUInt16LE(HEADER.shnum) }, (_, index) => {
    const header = file.subarray(start + index * SECTION.size, start + (index + 1) * SECTION.size);
    const bytes =
      header.readUInt32LE(SECTION.type) === SHT_NOBITS
        ? 0
        : Number(header.readBigUInt64LE(SECTION.length));
    return {
      header,
      loaded: (header.readBigUInt64LE(SECTION.flags) & BigInt(SHF_ALLOC)) !== 0n,
      end: Number(header.readBigUInt64LE(SECTION.offset)) + bytes,
    };
  });
}
