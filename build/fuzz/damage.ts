/** A cut at every length, and three flips of every byte. */
const FLIPS = [0x01, 0x80, 0xff];
const PER_BYTE = 1 + FLIPS.length;

/** How many damages an input of `size` bytes has. */
export function damageCount(size: number): number {
  return size * PER_BYTE;
}

/** Damage `index` of `bytes`, and what it is: a cut first, then the flips of the byte there. */
export function damaged(bytes: Uint8Array, index: number): { bytes: Uint8Array; what: string } {
  const at = Math.floor(index / PER_BYTE);
  const flip = FLIPS[(index % PER_BYTE) - 1];
  if (flip === undefined) return { bytes: bytes.subarray(0, at), what: `cut at ${at}` };
  const copy = Uint8Array.from(bytes);
  copy[at] = (bytes[at] ?? 0) ^ flip;
  return { bytes: copy, what: `byte ${at} xor 0x${flip.toString(16)}` };
}
