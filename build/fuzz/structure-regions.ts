import { type ByteRange, ByteReader } from '../../parsers/bytes/byte-reader.ts';
import { memorySource } from '../../parsers/bytes/file-source.ts';
import { readPeLayout } from '../../parsers/pe/pe-layout.ts';
import { fileRangeFrom, readSections } from '../../parsers/pe/section-table.ts';
import { readWinCertificates } from '../../parsers/pe/win-certificate.ts';
import type { FuzzInput } from './inputs.ts';

/** A run of fields of one width, in bytes: headers, tables, directories. */
export interface Region extends ByteRange {
  readonly width: 1 | 2 | 4;
}

/** Where the fields are that say where everything else is. What is not in one of these is hardly worth changing. */
export function regionsOf({ kind, bytes }: FuzzInput): Region[] {
  const regions = regionFinders[kind]?.(bytes) ?? [{ offset: 0, size: bytes.length, width: 1 }];
  return regions.filter(({ offset, size }) => size > 0 && offset + size <= bytes.length);
}

const regionFinders: Partial<Record<FuzzInput['kind'], (bytes: Uint8Array) => Region[]>> = {
  pe: imageRegions,
  msi: compoundRegions,
  cab: () => [
    { offset: 0, size: 60, width: 4 },
    { offset: 60, size: 64, width: 1 },
  ],
  appx: archiveRegions,
  hive: (bytes) => [
    { offset: 0, size: 48, width: 4 },
    { offset: 4096, size: bytes.length - 4096, width: 4 },
    { offset: 4096, size: 2048, width: 2 },
  ],
};

/** DOS and NT headers, section headers, WIN_CERTIFICATE headers, resource directories and version info. */
function imageRegions(bytes: Uint8Array): Region[] {
  const file = new ByteReader(bytes);
  const layout = readPeLayout(file, bytes.length);
  const headers = layout.sectionTable.offset - layout.ntHeadersOffset;
  const regions: Region[] = [
    { offset: 0x3c, size: 4, width: 4 },
    { offset: layout.ntHeadersOffset, size: headers, width: 4 },
    { offset: layout.ntHeadersOffset, size: 24, width: 2 },
    { ...layout.sectionTable, width: 4 },
  ];
  if (layout.certificateTable !== null)
    for (const { offset } of readWinCertificates(file, layout.certificateTable).certificates)
      regions.push({ offset, size: 4, width: 4 }, { offset: offset + 4, size: 4, width: 2 });
  if (layout.resourceTable !== null) {
    const sections = readSections(memorySource(bytes), layout.sectionTable);
    const { offset, size } = fileRangeFrom(sections, layout.resourceTable.rva);
    regions.push(
      { offset, size: Math.min(size, 256), width: 4 },
      { offset, size: Math.min(size, 1024), width: 2 },
    );
  }
  return regions;
}

/** Header, FAT, mini FAT and directory of a compound file, each by the header's own numbers. Source: [MS-CFB] §2.2. */
function compoundRegions(bytes: Uint8Array): Region[] {
  const header = new ByteReader(bytes);
  const sectorSize = 2 ** header.u16(30);
  const sector = (number: number, width: 2 | 4): Region => ({
    offset: (number + 1) * sectorSize,
    size: sectorSize,
    width,
  });
  return [
    { offset: 24, size: 68, width: 2 },
    { offset: 40, size: 472, width: 4 },
    sector(header.u32(76), 4), // the first sector of the FAT
    sector(header.u32(48), 4), // of the directory
    sector(header.u32(48), 2),
    sector(header.u32(48) + 1, 4),
    sector(header.u32(60), 4), // of the mini FAT
  ];
}

/** Central directory, end record and the first local header of an archive without a comment. */
function archiveRegions(bytes: Uint8Array): Region[] {
  const end = bytes.length - 22;
  const file = new ByteReader(bytes);
  const directory = { offset: file.u32(end + 16), size: end - file.u32(end + 16) };
  return [
    { offset: end, size: 22, width: 2 },
    { offset: end + 12, size: 8, width: 4 },
    { ...directory, width: 2 },
    { offset: 0, size: 30, width: 2 },
  ];
}
