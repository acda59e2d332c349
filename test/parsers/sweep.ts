import { expect } from 'vitest';
import { ParseError } from '../../parsers/bytes/parse-error.ts';

/**
 * Cuts `bytes` at every length and flips bits of every byte (with `step`, of every step-th), and has `parse` read each
 * result: it must give a value or throw a ParseError, and nothing else. Returns how many inputs were tried.
 */
export function sweep(
  bytes: Uint8Array,
  parse: (damaged: Uint8Array) => unknown,
  step = 1,
): number {
  let tried = 0;
  function attempt(damaged: Uint8Array, what: string): void {
    tried++;
    try {
      parse(damaged);
    } catch (error) {
      if (!(error instanceof ParseError)) expect.fail(`${what}: ${String(error)}`);
    }
  }
  for (let length = 0; length < bytes.length; length += step)
    attempt(bytes.subarray(0, length), `cut at ${length}`);
  for (let at = 0; at < bytes.length; at += step) {
    for (const flip of [0x01, 0x80, 0xff]) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = (bytes[at] ?? 0) ^ flip;
      attempt(damaged, `byte ${at} xor ${flip}`);
    }
  }
  return tried;
}
