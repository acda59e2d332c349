/**
 * `wanted` different numbers below `count`, in ascending order, the same ones for the same seed; all of them where
 * `wanted` is not below `count`.
 */
export function* randomIndices(count: number, wanted: number, seed: number): Generator<number> {
  const random = generator(seed);
  let left = wanted;
  for (let index = 0; index < count && left > 0; index++) {
    if (random() * (count - index) >= left) continue;
    left -= 1;
    yield index;
  }
}

/** mulberry32: numbers from 0 up to 1. Good enough to choose by, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
