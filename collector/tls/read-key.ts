import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { UsageError } from '../usage-error.ts';

/**
 * Reads a private key that only its owner may read, or root's that also its group may (as Debian's ssl-cert). Throws
 * UsageError for others: a key that everybody on the host could copy proves nothing. Windows has no mode: the ACL counts.
 */
export function readKeyFile(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw error;
    throw new UsageError(`cannot read the key ${file}: ${error instanceof Error && error.message}`);
  }
  try {
    const { mode, uid } = fstatSync(descriptor);
    const forbidden = uid === 0 ? 0o037 : 0o077;
    if (process.platform !== 'win32' && (mode & forbidden) !== 0)
      throw new UsageError(
        `others can read the key ${file}: chmod 600 it, and make a new one if they may have`,
      );
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}
