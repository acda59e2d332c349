import { ParseError } from '../bytes/parse-error.ts';
import { fileOffset, type HiveCells } from './hive-cells.ts';

/** Signatures of the lists, little-endian. */
const INDEX_LEAF = 0x696c; // li
const FAST_LEAF = 0x666c; // lf
const HASH_LEAF = 0x686c; // lh
const INDEX_ROOT = 0x6972; // ri

const HEADER_SIZE = 4;
/** Bytes of one element: an offset, and in two of the lists a hint at the name, which is not believed. */
const elementSizes: ReadonlyMap<number, number> = new Map([
  [INDEX_LEAF, 4],
  [FAST_LEAF, 8],
  [HASH_LEAF, 8],
  [INDEX_ROOT, 4],
]);

/**
 * Offsets of the key nodes in a list of subkeys. An index root leads to leaves, never to a further root: there is no depth.
 * Source: M. Suhanov, "Windows registry file format specification", "Index leaf" to "Index root".
 */
export function* subkeyCells(cells: HiveCells, list: number): Generator<number> {
  const { signature, offsets } = readList(cells, list);
  if (signature !== INDEX_ROOT) return yield* offsets;
  for (const leaf of offsets) {
    const inner = readList(cells, leaf);
    if (inner.signature === INDEX_ROOT)
      throw new ParseError('too-deep', fileOffset(leaf), 'an index root below an index root');
    yield* inner.offsets;
  }
}

function readList(cells: HiveCells, list: number): { signature: number; offsets: number[] } {
  const header = cells.read(list, HEADER_SIZE);
  const signature = header.u16(header.start);
  const size = elementSizes.get(signature);
  if (size === undefined) throw new ParseError('bad-magic', header.start, 'no list of subkeys');
  const count = header.u16(header.start + 2);
  const whole = cells.read(list, HEADER_SIZE + count * size);
  const offsets = Array.from({ length: count }, (_, index) =>
    whole.u32(whole.start + HEADER_SIZE + index * size),
  );
  return { signature, offsets };
}
