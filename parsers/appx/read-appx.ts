import { readPkcs7Signatures } from '../authenticode/read-signatures.ts';
import type { SignedFile } from '../authenticode/signed-file.ts';
import type { FileSource } from '../bytes/file-source.ts';
import { ParseError } from '../bytes/parse-error.ts';
import { type AppxContent, appxDigest, DIGESTED_PARTS } from './appx-digest.ts';
import { readZipEntry } from './read-zip-entry.ts';
import { readZipDirectory, type ZipDirectory, type ZipEntry } from './zip-directory.ts';

export interface SignedAppx extends SignedFile {
  /** False for any other ZIP archive: a JAR, a VSIX, a document. */
  readonly isPackage: boolean;
}

const SIGNATURE_PART = 'AppxSignature.p7x';
const BLOCK_MAP_PART = 'AppxBlockMap.xml';
/** The letters before the PKCS#7 in the signature part. */
const PKCX = 'PKCX';
const MAX_SIGNATURE = 16 * 1024 * 1024;

/**
 * Reads the signature of an APPX or MSIX package or bundle: a PKCS#7 behind four letters in an entry of the archive, which
 * signing adds as the last one. Encrypted packages (EAPPX) are other files.
 *
 * A part that is there twice could be one thing to us and another to Windows: that is refused.
 */
export function readAppx(source: FileSource): SignedAppx {
  const directory = readZipDirectory(source);
  const parts = namedParts(directory);
  const signature = parts.get(SIGNATURE_PART);
  const isPackage = signature !== undefined || parts.has(BLOCK_MAP_PART);
  if (signature === undefined)
    return { isPackage, signatures: [], problems: [], digest: () => noDigest() };

  const p7x = readZipEntry(source, signature, MAX_SIGNATURE);
  const at = signature.localHeaderOffset;
  if (Buffer.from(p7x.subarray(0, PKCX.length)).toString('latin1') !== PKCX)
    throw new ParseError('bad-magic', at, `${SIGNATURE_PART} does not begin with ${PKCX}`);
  if (directory.entries.some(({ localHeaderOffset }) => localHeaderOffset > at))
    throw new ParseError('unsupported', at, `${SIGNATURE_PART} is not the last file record`);
  const content: AppxContent = { source, directory, signature, parts };
  return {
    isPackage,
    ...readPkcs7Signatures(p7x.subarray(PKCX.length), at),
    digest: (algorithm) => appxDigest(content, algorithm),
  };
}

/** The parts that signing knows, by name. */
function namedParts({ entries }: ZipDirectory): ReadonlyMap<string, ZipEntry> {
  const names = new Set([SIGNATURE_PART, ...DIGESTED_PARTS]);
  const parts = new Map<string, ZipEntry>();
  for (const entry of entries) {
    if (!names.has(entry.name)) continue;
    if (parts.has(entry.name))
      throw new ParseError('bad-value', entry.record.offset, `${entry.name} is there twice`);
    parts.set(entry.name, entry);
  }
  return parts;
}

function noDigest(): never {
  throw new Error('an unsigned package was to be digested');
}
