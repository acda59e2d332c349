import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { fsPath } from '../walk/disk-path.ts';

/** Windows has neither flag. */
const NEITHER_LINK_NOR_WAIT = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * What `read` gives of a regular file in an image, open only for that long. A link in its place is not followed, a pipe not
 * waited for. Throws the system's errors.
 */
export function withFileInside<Value>(
  file: string,
  read: (descriptor: number, size: number) => Value,
): Value {
  const descriptor = openSync(fsPath(file), constants.O_RDONLY | NEITHER_LINK_NOR_WAIT);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw Object.assign(new Error('not a regular file'), { code: 'ENOTSUP' });
    return read(descriptor, stats.size);
  } finally {
    closeSync(descriptor);
  }
}
