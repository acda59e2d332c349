/** One catalog file that was indexed. */
export interface IndexedCatalog {
  readonly path: string;
  /** The path as records have it. */
  readonly shownPath: string;
  /** SHA-256 of the file as it was indexed, lower-case hex: another one has another list. */
  readonly sha256: string;
}

/**
 * Which catalog lists which digest. Plain data over shared memory, so that all workers search one copy: a Windows disk has
 * some thousand catalogs with a million digests, 36 bytes each.
 */
export interface CatalogIndex {
  readonly catalogs: readonly IndexedCatalog[];
  /** Records sorted by digest: 32 bytes of digest, a shorter one filled up with zeros, and the catalog's number. */
  readonly records: SharedArrayBuffer;
}

const DIGEST_SIZE = 32;
export const RECORD_SIZE = DIGEST_SIZE + 4;
/** Catalogs that list the same file: the same driver in several versions of a package. */
const MAX_FOUND = 16;

/** The catalogs that list this digest (SHA-1 or SHA-256, lower-case hex), in the order in which they were indexed. */
export function catalogsWith(
  { catalogs, records }: CatalogIndex,
  digest: string,
): IndexedCatalog[] {
  const bytes = Buffer.from(records);
  const key = recordKey(digest);
  const found: IndexedCatalog[] = [];
  for (let at = lowerBound(bytes, key); at < bytes.length; at += RECORD_SIZE) {
    if (bytes.compare(key, 0, DIGEST_SIZE, at, at + DIGEST_SIZE) !== 0) break;
    const catalog = catalogs[bytes.readUInt32LE(at + DIGEST_SIZE)];
    if (catalog && found.length < MAX_FOUND) found.push(catalog);
  }
  return found;
}

/** The first part of a record. A SHA-512 digest, which no catalog of Windows has, is cut and finds nothing by chance. */
export function recordKey(digest: string): Buffer {
  const key = Buffer.alloc(DIGEST_SIZE);
  key.write(digest, 'hex');
  return key;
}

/** Offset of the first record whose digest is not below `key`. */
function lowerBound(bytes: Buffer, key: Buffer): number {
  let low = 0;
  let high = bytes.length / RECORD_SIZE;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const at = middle * RECORD_SIZE;
    if (bytes.compare(key, 0, DIGEST_SIZE, at, at + DIGEST_SIZE) < 0) low = middle + 1;
    else high = middle;
  }
  return low * RECORD_SIZE;
}
