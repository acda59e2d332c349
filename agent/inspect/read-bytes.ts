import { readSync } from 'node:fs';
import type { Pace } from '../pace/pace.ts';

/** Of this thread; undefined where it may go as fast as it can. */
let pace: Pace | undefined;
let pause: (milliseconds: number) => void = () => {};

/** From now on this thread's reads keep the limits; `pause` blocks for so long, or until the sweep is stopped. */
export function paceReads(limits: Pace, block: (milliseconds: number) => void): void {
  pace = limits;
  pause = block;
}

/** readSync for the content of files: every byte of one that a thread reads comes this way. */
export function readBytes(
  descriptor: number,
  buffer: Uint8Array,
  offset: number,
  length: number,
  position: number,
): number {
  const count = readSync(descriptor, buffer, offset, length, position);
  if (pace !== undefined) {
    const milliseconds = pace.pauseAfter(count);
    if (milliseconds > 0) pause(milliseconds);
  }
  return count;
}
