import { ParseError } from '../bytes/parse-error.ts';
import type { DerElement, DerReader } from './der-reader.ts';
import { TAG } from './tags.ts';

/** Longest real identifiers are below 20 content octets; 2.25 ones with a UUID need 20. */
const MAX_OCTETS = 64;

/** Reads the next element as an OBJECT IDENTIFIER: `1.2.840.113549.1.7.2`. */
export function readOid(reader: DerReader, what: string): string {
  return decodeOid(reader.read(TAG.oid, what));
}

/**
 * Dotted form of an OBJECT IDENTIFIER. The first octet group holds two arcs, and arcs may pass 2^53 (UUIDs), hence
 * the detour over bigint. Source: X.690 §8.19.
 */
export function decodeOid(element: DerElement): string {
  const { content } = element;
  if (content.length === 0 || content.length > MAX_OCTETS)
    throw element.error('bad-length', `an OBJECT IDENTIFIER of ${content.length} octets`);

  const arcs: (number | bigint)[] = [];
  let arc: number | bigint = 0;
  let open = false;
  for (const octet of content) {
    const low = octet & 0x7f;
    if (typeof arc === 'bigint') arc = arc * 128n + BigInt(low);
    else if (arc < 2 ** 45) arc = arc * 128 + low;
    else arc = BigInt(arc) * 128n + BigInt(low);
    open = octet >= 0x80;
    if (!open) {
      arcs.push(arc);
      arc = 0;
    }
  }
  if (open)
    throw new ParseError('truncated', element.offset, 'an OBJECT IDENTIFIER ends inside an arc');
  const [first = 0, ...others] = arcs;
  return [...splitFirst(first), ...others].join('.');
}

function splitFirst(group: number | bigint): [number, number | bigint] {
  if (typeof group === 'bigint') return [2, group - 80n];
  const root = Math.min(2, Math.floor(group / 40));
  return [root, group - root * 40];
}
