import { hash } from 'node:crypto';
import type { AuthenticodeSignature } from '../authenticode/authenticode-signature.ts';
import { readPkcs7Signatures } from '../authenticode/read-signatures.ts';
import type { SignedFile } from '../authenticode/signed-file.ts';
import type { FileSource } from '../bytes/file-source.ts';
import { toHex } from '../bytes/hex.ts';
import { ParseError } from '../bytes/parse-error.ts';
import { CompoundFile } from './compound-file.ts';
import { readDirectory, type StorageEntry, type StreamEntry } from './directory.ts';
import { extendedDigestHolds, type MsiContent, msiDigest } from './msi-digest.ts';

export interface SignedMsi extends SignedFile {
  /** False for an old Office document or the like, as the CLSID of its root tells. */
  readonly isInstaller: boolean;
}

const DIGITAL_SIGNATURE = nameBytes('\x05DigitalSignature');
const EXTENDED_SIGNATURE = nameBytes('\x05MsiDigitalSignatureEx');
const MAX_SIGNATURE = 16 * 1024 * 1024;
const MAX_EXTENDED_DIGEST = 64;

/**
 * Root CLSIDs of compound files that are documents: what a document is not is taken for an installer, so that no changed byte
 * hides one. Installers have {000C1084-…} (MSI), 1086 (MSP) and 1082 (MST). As the bytes stand in the file.
 */
const documentClasses = new Set([
  '00000000000000000000000000000000', // thumbnail caches and much else
  '0609020000000000c000000000000046', // Word 97 to 2003
  '2008020000000000c000000000000046', // Excel 97 to 2003
  '1008020000000000c000000000000046', // Excel 5
  '108d81649b4fcf1186ea00aa00b929e8', // PowerPoint 97 to 2003
  '0b0d020000000000c000000000000046', // Outlook message
  '141a020000000000c000000000000046', // Visio
]);

/**
 * Reads the signature of an installer package, a PKCS#7 in a stream of the root storage.
 *
 * Any compound file can hold such a stream, and Windows takes it only in installers; where it is, it is read. Source: none
 * official for the streams; see msiDigest.
 */
export function readMsi(source: FileSource): SignedMsi {
  const file = new CompoundFile(source);
  const root = readDirectory(file);
  const signature = streamOf(root, DIGITAL_SIGNATURE);
  const extended = streamOf(root, EXTENDED_SIGNATURE);
  const content: MsiContent = {
    file,
    root: withoutSignatures(root),
    extendedDigest: extended && readStream(file, extended, MAX_EXTENDED_DIGEST),
  };
  const found = signature
    ? readPkcs7Signatures(readStream(file, signature, MAX_SIGNATURE), placeOf(file, signature))
    : { signatures: [], problems: [] };
  return {
    ...found,
    isInstaller: signature !== undefined || !documentClasses.has(toHex(root.clsid)),
    digest: (algorithm) => packageDigest(content, algorithm, found.signatures),
  };
}

/**
 * Windows also compares the stored extended digest, which nothing signs. Where it alone is wrong, the digest given is one that
 * cannot match: that of the stored one and the right one together.
 */
function packageDigest(
  content: MsiContent,
  algorithm: string,
  signatures: readonly AuthenticodeSignature[],
): string {
  const digest = msiDigest(content, algorithm);
  const isSigned = signatures.some(
    ({ indirectData }) => indirectData && toHex(indirectData.digest) === digest,
  );
  if (!isSigned || extendedDigestHolds(content, algorithm)) return digest;
  return hash(algorithm, toHex(content.extendedDigest ?? new Uint8Array()) + digest);
}

function streamOf(root: StorageEntry, name: Uint8Array): StreamEntry | undefined {
  return root.children.find(
    (child) => child.kind === 'stream' && Buffer.compare(child.name, name) === 0,
  ) as StreamEntry | undefined;
}

function withoutSignatures(root: StorageEntry): StorageEntry {
  const isSignature = ({ name }: StreamEntry | StorageEntry) =>
    [DIGITAL_SIGNATURE, EXTENDED_SIGNATURE].some((other) => Buffer.compare(name, other) === 0);
  return { ...root, children: root.children.filter((child) => !isSignature(child)) };
}

function readStream(file: CompoundFile, stream: StreamEntry, limit: number): Uint8Array {
  if (stream.size > limit)
    throw new ParseError('bad-length', 0, `a signature stream of ${stream.size} bytes`);
  return Buffer.concat(Array.from(file.streamRanges(stream), (range) => file.source.read(range)));
}

/** File offset of the stream's first byte. Offsets in messages count from there as if the stream stood in one piece. */
function placeOf(file: CompoundFile, stream: StreamEntry): number {
  const [first] = file.streamRanges(stream);
  return first?.offset ?? 0;
}

function nameBytes(name: string): Uint8Array {
  return Buffer.from(name, 'utf16le');
}
