import { equalBytes } from '../bytes/equal-bytes.ts';
import { type DigestSegment, digestSegments } from '../bytes/file-source.ts';
import type { CompoundFile } from './compound-file.ts';
import type { StorageEntry, StreamEntry } from './directory.ts';

/** The package without its signature streams: what an MSI signature covers. */
export interface MsiContent {
  readonly file: CompoundFile;
  readonly root: StorageEntry;
  /** The stream `\5MsiDigitalSignatureEx`; undefined where the package has none. */
  readonly extendedDigest: Uint8Array | undefined;
}

/**
 * The digest of a package: the bytes of all streams in the order of their names, each storage closed by its CLSID. Sector
 * layout, names, sizes and times are not covered; where the package has an extended digest, that covers them and goes first.
 *
 * Source: described nowhere official; osslsigncode and signify agree.
 */
export function msiDigest(content: MsiContent, algorithm: string): string {
  const { file, root, extendedDigest } = content;
  const prefix = extendedDigest === undefined ? [] : [metadataDigest(content, algorithm)];
  return digestSegments(file.source, concat(prefix, contentSegments(file, root)), algorithm);
}

/** False where the package has an extended digest that is not that of its metadata. */
export function extendedDigestHolds(content: MsiContent, algorithm: string): boolean {
  const { extendedDigest } = content;
  return (
    extendedDigest === undefined || equalBytes(extendedDigest, metadataDigest(content, algorithm))
  );
}

function metadataDigest({ file, root }: MsiContent, algorithm: string): Uint8Array {
  return Buffer.from(digestSegments(file.source, metadataSegments(root, true), algorithm), 'hex');
}

function* concat(...parts: readonly Iterable<DigestSegment>[]): Generator<DigestSegment> {
  for (const part of parts) yield* part;
}

function* contentSegments(file: CompoundFile, storage: StorageEntry): Generator<DigestSegment> {
  for (const child of storage.children) {
    if (child.kind === 'stream') yield* file.streamRanges(child);
    else yield* contentSegments(file, child);
  }
  yield storage.clsid;
}

/** The root has neither name nor times here. */
function* metadataSegments(storage: StorageEntry, isRoot = false): Generator<DigestSegment> {
  if (!isRoot) yield storage.name;
  yield storage.clsid;
  yield storage.metadata.stateBits;
  if (!isRoot) yield storage.metadata.times;
  for (const child of storage.children) {
    if (child.kind === 'stream') yield* streamMetadata(child);
    else yield* metadataSegments(child);
  }
}

function* streamMetadata({ name, metadata }: StreamEntry): Generator<DigestSegment> {
  yield name;
  yield metadata.size;
  yield metadata.stateBits;
  yield metadata.times;
}
