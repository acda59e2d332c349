import { readFileSync, statSync } from 'node:fs';
import { CommandError } from '../exit-status.ts';

/** Who may read beyond the owner. */
const OTHERS = 0o077;

/** The bearer token in `path`. A file that others can read is refused (POSIX): a token that leaks is worse than no scan. */
export function readToken(path: string): string {
  let text: string;
  try {
    const { mode } = statSync(path);
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0)
      throw new CommandError(`${path} can be read by others: chmod 600 ${path}`);
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (!/^[\x21-\x7e]+$/.test(text)) throw new CommandError(`${path} does not hold a token`);
  return text;
}
