import { toHex } from '../bytes/hex.ts';
import type { DerElement, DerReader } from './der-reader.ts';
import { TAG } from './tags.ts';

/** Reads the next element as an INTEGER; see integerHex. */
export function readIntegerHex(reader: DerReader, what: string): string {
  return integerHex(reader.read(TAG.integer, what));
}

/**
 * Content octets in lower-case hex without a 00 sign octet: `0b4a9ab6`, and `8db7` for a negative number, whose sign is
 * lost. Zero is `00`. Real certificates do have negative serial numbers.
 */
export function integerHex(element: DerElement): string {
  const { content } = element;
  if (content.length === 0) throw element.error('bad-length', 'an INTEGER without octets');
  let start = 0;
  while (start < content.length - 1 && content[start] === 0) start++;
  return toHex(content.subarray(start));
}

/** Reads the next element as an INTEGER from 0 to `max`, such as a version or the length of a salt. */
export function readSmallInteger(reader: DerReader, what: string, max: number): number {
  const element = reader.read(TAG.integer, what);
  const { content } = element;
  let value = 0;
  for (const octet of content) {
    value = value * 256 + octet;
    if (value > max) break;
  }
  const negative = (content[0] ?? 0) >= 0x80;
  if (content.length === 0 || negative || value > max)
    throw element.error('bad-value', `${what} ${toHex(content.subarray(0, 8))} is not 0 to ${max}`);
  return value;
}
