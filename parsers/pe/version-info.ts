import { type ByteRange, ByteReader } from '../bytes/byte-reader.ts';
import type { FileSource } from '../bytes/file-source.ts';
import { ParseError } from '../bytes/parse-error.ts';
import type { PeLayout } from './pe-layout.ts';
import { findResource } from './resource-directory.ts';
import { fileRangeFrom, readSections } from './section-table.ts';
import { type VersionBlock, valueText, versionBlocks } from './version-block.ts';

/** The strings we keep, by the names that the version resource itself uses. */
export const versionStrings = [
  'CompanyName',
  'ProductName',
  'FileDescription',
  'OriginalFilename',
  'InternalName',
  'FileVersion',
  'ProductVersion',
] as const;

/** What an image says of itself. Anybody can write anything here: it is a claim, no evidence. */
export type VersionInfo = Readonly<Partial<Record<(typeof versionStrings)[number], string>>>;

/** winuser.h: RT_VERSION; verrsrc.h: VS_VERSION_INFO, the only id that Windows' own reader looks for. */
const VERSION_RESOURCE = { type: 16, id: 1 };
const ENGLISH_US = 0x0409;
const NEUTRAL = 0;
/** Bytes: wLength has 16 bits. */
const MAX_RESOURCE = 0xffff;
const STRING_FILE_INFO = 'StringFileInfo';

/**
 * The strings of the version resource; undefined where the image has none. Reads the section table, three resource
 * directories and the resource, whatever the size of the file.
 *
 * Of several languages American English counts, then the neutral one, then the first: the answer must not depend on the
 * machine. Windows asks for the user's language first.
 * Source: Windows SDK, "VS_VERSIONINFO structure", "StringFileInfo structure".
 */
export function readVersionInfo(source: FileSource, layout: PeLayout): VersionInfo | undefined {
  if (layout.resourceTable === null) return undefined;
  const sections = readSections(source, layout.sectionTable);
  const root = fileRangeFrom(sections, layout.resourceTable.rva);
  const data = findResource(source, root, VERSION_RESOURCE, [ENGLISH_US, NEUTRAL]);
  if (data === undefined) return undefined;

  const { offset, size } = fileRangeFrom(sections, data.rva);
  if (data.size > size)
    throw new ParseError('bad-length', offset, `a version resource of ${data.size} bytes`);
  return parseVersionInfo(readResource(source, { offset, size: data.size }));
}

function readResource(source: FileSource, { offset, size }: ByteRange): ByteReader {
  return new ByteReader(source.read({ offset, size: Math.min(size, MAX_RESOURCE) }), offset);
}

/** VS_VERSIONINFO → StringFileInfo → one StringTable a language → one String each. */
function parseVersionInfo(resource: ByteReader): VersionInfo {
  const whole = { offset: resource.start, size: resource.bytes.length };
  const [root] = versionBlocks(resource, whole);
  const info = root && children(resource, root).find(({ key }) => key === STRING_FILE_INFO);
  const table = info && chooseTable(children(resource, info));
  const found: Partial<Record<(typeof versionStrings)[number], string>> = {};
  for (const block of table ? children(resource, table) : []) {
    const name = versionStrings.find((known) => known === block.key);
    if (name !== undefined && found[name] === undefined) found[name] = valueText(resource, block);
  }
  return found;
}

function children(resource: ByteReader, block: VersionBlock): VersionBlock[] {
  return versionBlocks(resource, block.children);
}

/** A table's key is its LANGID and code page as 8 hex digits. */
function chooseTable(tables: readonly VersionBlock[]): VersionBlock | undefined {
  const inLanguage = (language: number) =>
    tables.find(({ key }) => Number.parseInt(key.slice(0, 4), 16) === language);
  return inLanguage(ENGLISH_US) ?? inLanguage(NEUTRAL) ?? tables[0];
}
