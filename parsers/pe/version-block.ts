import type { ByteRange, ByteReader } from '../bytes/byte-reader.ts';
import { ParseError } from '../bytes/parse-error.ts';

/** One node of the tree that a version resource is. All of them have the same head. */
export interface VersionBlock {
  /** szKey: `VS_VERSION_INFO`, `StringFileInfo`, a language, or the name of a string. */
  readonly key: string;
  /** From the end of the key to the end of the block: a string's text, where it has children nothing. */
  readonly value: ByteRange;
  /** What follows a value of wValueLength bytes. */
  readonly children: ByteRange;
}

/** wLength, wValueLength, wType. */
const HEAD_SIZE = 6;
/** Real resources have some twenty blocks on a level. */
const MAX_BLOCKS = 1024;
/** UTF-16 units of a key and of a text; the rest is cut off. */
const MAX_TEXT = 1024;

/**
 * The blocks that stand one after the other in `range`, each at a multiple of 4 bytes from the start of the resource.
 *
 * wLength 0 ends them: some linkers fill up with zeros. Source: Windows SDK, "VS_VERSIONINFO structure".
 */
export function versionBlocks(resource: ByteReader, range: ByteRange): VersionBlock[] {
  const blocks: VersionBlock[] = [];
  const end = range.offset + range.size;
  for (let at = align(resource, range.offset); at + HEAD_SIZE <= end; ) {
    const length = resource.u16(at);
    if (length === 0) break;
    if (length < HEAD_SIZE || at + length > end)
      throw new ParseError('bad-length', at, `wLength ${length} does not fit`);
    if (blocks.length === MAX_BLOCKS)
      throw new ParseError('too-many', at, `more than ${MAX_BLOCKS} blocks of version info`);
    blocks.push(readBlock(resource, at, at + length));
    at = align(resource, at + length);
  }
  return blocks;
}

/**
 * A string's text, without the zero that ends it; at most 1,024 UTF-16 units. wValueLength is not consulted: it counts
 * units by the book and bytes by some linkers.
 */
export function valueText(resource: ByteReader, { value }: VersionBlock): string {
  return readText(resource, value).text;
}

function readBlock(resource: ByteReader, at: number, end: number): VersionBlock {
  const keyAt = at + HEAD_SIZE;
  const key = readText(resource, { offset: keyAt, size: end - keyAt });
  const valueAt = Math.min(align(resource, keyAt + key.size), end);
  // Only the root has a value before its children, VS_FIXEDFILEINFO, and that one counts in bytes.
  const childrenAt = Math.min(valueAt + resource.u16(at + 2), end);
  return {
    key: key.text,
    value: { offset: valueAt, size: end - valueAt },
    children: { offset: childrenAt, size: end - childrenAt },
  };
}

/** UTF-16LE up to the first zero or the end of `range`, and the bytes it takes, its zero included. */
function readText(resource: ByteReader, range: ByteRange): { text: string; size: number } {
  const end = range.offset + range.size;
  let at = range.offset;
  while (at + 2 <= end && resource.u16(at) !== 0) at += 2;
  const bytes = resource.slice({ offset: range.offset, size: at - range.offset });
  return { text: utf16le.decode(bytes.subarray(0, 2 * MAX_TEXT)), size: at + 2 - range.offset };
}

/** The next multiple of 4, counted from the start of the resource. */
function align(resource: ByteReader, offset: number): number {
  return offset + (-(offset - resource.start) & 3);
}

/** Lone surrogates become U+FFFD. */
const utf16le = new TextDecoder('utf-16le', { ignoreBOM: true });
