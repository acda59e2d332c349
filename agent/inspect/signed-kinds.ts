import { readAppx } from '../../parsers/appx/read-appx.ts';
import type { SignedFile } from '../../parsers/authenticode/signed-file.ts';
import type { FileSource } from '../../parsers/bytes/file-source.ts';
import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { readCab } from '../../parsers/cab/read-cab.ts';
import { readCatalog } from '../../parsers/catalog/read-catalog.ts';
import { readMsi } from '../../parsers/msi/read-msi.ts';
import type { SignedKind } from '../../parsers/record/to-record.ts';
import { readScript } from '../../parsers/script/read-script.ts';
import { scriptStyleOf } from '../../parsers/script/script-style.ts';
import type { FileKind } from './file-outcome.ts';
import { holdsLastLine, mayBeScript, SCRIPT_TAIL } from './plain-file.ts';

/** How the files of one kind are read. */
export interface KindReader {
  readonly fileKind: SignedKind;
  /** Whether an unsigned file has a record as well. */
  readonly recordsUnsigned: boolean;
  /** undefined where the file proves to be of another kind. Throws ParseError. */
  readonly read: (source: FileSource, path: string) => SignedFile | undefined;
}

/** The reader for a file whose first bytes say `sniffed`; undefined where it can carry no signature of its own. */
export function kindReaderOf(sniffed: FileKind, path: string): KindReader | undefined {
  const reader = readers.get(sniffed);
  if (reader) return reader;
  return mayBeScript(sniffed) && scriptStyleOf(path) ? scripts : undefined;
}

/** Bytes. Real catalogs reach some 10 MB, scripts 2 MB. They are read whole: larger ones count as malformed. */
const MAX_CATALOG = 64 * 1024 * 1024;
const MAX_SCRIPT = 4 * 1024 * 1024;
/** Bytes at the end of an archive that tell whether to look closer: its last entries. */
const ZIP_TAIL = 4096;

const UNSIGNED: SignedFile = { signatures: [], problems: [], digest: () => '' };

const scripts: KindReader = { fileKind: 'script', recordsUnsigned: false, read: readTextFile };

const readers = new Map<FileKind, KindReader>([
  ['compound', { fileKind: 'msi', recordsUnsigned: true, read: readCompound }],
  ['cab', { fileKind: 'cab', recordsUnsigned: false, read: readCab }],
  ['catalog', { fileKind: 'catalog', recordsUnsigned: true, read: readWholeCatalog }],
  ['zip', { fileKind: 'appx', recordsUnsigned: false, read: readArchive }],
]);

function readCompound(source: FileSource): SignedFile | undefined {
  const msi = readMsi(source);
  return msi.isInstaller ? msi : undefined;
}

function readWholeCatalog(source: FileSource): SignedFile {
  return readCatalog(readWhole(source, MAX_CATALOG));
}

/** Most archives are not packages: the names of a package's parts stand at the end of the archive. */
function readArchive(source: FileSource): SignedFile | undefined {
  const tail = readTail(source, ZIP_TAIL);
  if (!tail.includes('AppxBlockMap.xml') && !tail.includes('AppxSignature.p7x')) return undefined;
  const appx = readAppx(source);
  return appx.isPackage ? appx : undefined;
}

/** Most scripts are unsigned: the last line of a signature block is among the last of the file. */
function readTextFile(source: FileSource, path: string): SignedFile | undefined {
  const style = scriptStyleOf(path);
  if (style === undefined) return undefined;
  if (!holdsLastLine(readTail(source, SCRIPT_TAIL), style)) return UNSIGNED;
  return readScript(readWhole(source, MAX_SCRIPT), style);
}

function readTail(source: FileSource, limit: number): Buffer {
  const size = Math.min(source.size, limit);
  return Buffer.from(source.read({ offset: source.size - size, size }));
}

function readWhole(source: FileSource, limit: number): Uint8Array {
  if (source.size > limit)
    throw new ParseError('too-many', 0, `${source.size} bytes, limit ${limit}`);
  return source.read({ offset: 0, size: source.size });
}
