import { closeSync, constants, openSync, readSync } from 'node:fs';

/** As the inspector opens files: neither a pipe nor a device in the place of one may hold us up. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const CHUNK = 64 * 1024;

/** The first `limit` bytes as text; undefined where the file is not there or not ours to read. Files of /proc say no size. */
export function readBounded(file: string, limit: number): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, FLAGS);
  } catch {
    return undefined;
  }
  try {
    const chunks: Buffer[] = [];
    for (let size = 0; size < limit; ) {
      const chunk = Buffer.alloc(CHUNK);
      const count = readSync(descriptor, chunk, 0, Math.min(CHUNK, limit - size), null);
      if (count === 0) break;
      chunks.push(chunk.subarray(0, count));
      size += count;
    }
    return Buffer.concat(chunks).toString();
  } catch {
    return undefined; // a directory, or a process that has ended
  } finally {
    closeSync(descriptor);
  }
}
