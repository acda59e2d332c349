import { randomBytes } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { UsageError } from '../../usage-error.ts';

/** Characters of one write. */
const PENDING = 64 * 1024;

/** Writes parts to stdout, as fast as it is read. */
export async function writeToStdout(parts: Iterable<string>): Promise<void> {
  for (const piece of pieces(parts))
    if (!process.stdout.write(piece))
      await new Promise((resolve) => process.stdout.once('drain', resolve));
}

/** Writes parts to `file`, which is there whole or not at all, and readable by its owner only. Throws UsageError. */
export function writeToFile(file: string, parts: Iterable<string>): void {
  const temporary = `${file}.${randomBytes(4).toString('hex')}.part`;
  try {
    const descriptor = openSync(temporary, 'wx', 0o600);
    try {
      for (const piece of pieces(parts)) writeSync(descriptor, piece);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error;
    throw new UsageError(`cannot write ${file}: ${error.message}`);
  }
}

function* pieces(parts: Iterable<string>): Generator<string> {
  let pending = '';
  for (const part of parts) {
    pending += part;
    if (pending.length < PENDING) continue;
    yield pending;
    pending = '';
  }
  if (pending !== '') yield pending;
}
