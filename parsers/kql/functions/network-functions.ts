import type { CellValue } from '../plan.ts';
import { functions, text } from './scalar-function.ts';

/** IPv4 addresses. Source: Kusto documentation, "ipv4_is_private()" and "ipv4_is_in_range()". */
export const networkFunctions = functions({
  ipv4_is_private: {
    params: ['string'],
    run: ([address]) => {
      const range = parseRange(text(address));
      return range ? PRIVATE.some((each) => contains(each, range)) : null;
    },
  },
  ipv4_is_in_range: { params: ['string', 'string'], run: isInRange },
});

interface Range {
  readonly address: number;
  readonly bits: number;
}

/** Source: RFC 1918 §3. */
const PRIVATE: readonly Range[] = [
  { address: 0x0a000000, bits: 8 },
  { address: 0xac100000, bits: 12 },
  { address: 0xc0a80000, bits: 16 },
];

function isInRange([address, range]: readonly CellValue[]): boolean | null {
  const [inner, outer] = [parseRange(text(address)), parseRange(text(range))];
  return inner && outer ? contains(outer, inner) : null;
}

/** `a.b.c.d` or `a.b.c.d/bits`; undefined where the text is neither. */
function parseRange(address: string): Range | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(address);
  if (!match) return undefined;
  const bytes = match.slice(1, 5).map(Number);
  const bits = Number(match[5] ?? 32);
  if (bits > 32 || bytes.some((byte) => byte > 255)) return undefined;
  return { address: bytes.reduce((sum, byte) => sum * 256 + byte, 0), bits };
}

function contains(outer: Range, inner: Range): boolean {
  const size = 2 ** (32 - outer.bits);
  return (
    inner.bits >= outer.bits &&
    Math.floor(inner.address / size) === Math.floor(outer.address / size)
  );
}
