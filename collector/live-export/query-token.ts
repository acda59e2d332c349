import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { UsageError } from '../usage-error.ts';

/** Bytes. Tokens of Microsoft Entra have 2 to 4 KB, with many groups more. */
const LONGEST_TOKEN = 16_384;
export const TOKEN_VARIABLE = 'CERTSWEEP_QUERY_TOKEN';

/**
 * Gives the bearer token for a query each time it is asked: from `file`, which is read anew, since such tokens last an hour
 * and somebody may renew it; else from the environment. Throws UsageError where there is none, and where others than its owner
 * can read the file. Windows has no mode: the ACL counts.
 */
export function queryToken(file: string | undefined, env: NodeJS.ProcessEnv): () => string {
  const given = env[TOKEN_VARIABLE];
  if (file === undefined && !given)
    throw new UsageError(
      `a token is wanted: --query-token-file FILE, or ${TOKEN_VARIABLE} in the environment`,
    );
  const read =
    file === undefined
      ? () => checked(given ?? '', TOKEN_VARIABLE)
      : () => checked(readPrivately(file), file);
  read();
  return read;
}

/** Characters that can go into a header as they are. */
function checked(text: string, place: string): string {
  const token = text.trim();
  if (!/^[\x21-\x7e]+$/.test(token) || token.length > LONGEST_TOKEN)
    throw new UsageError(`${place} does not hold a token, as one line of text`);
  return token;
}

function readPrivately(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${error instanceof Error && error.message}`);
  }
  try {
    const facts = fstatSync(descriptor);
    if (!facts.isFile()) throw new UsageError(`${file} is no file`);
    if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0)
      throw new UsageError(`${file} can be read by others: chmod 600 it, and renew the token`);
    const bytes = Buffer.alloc(LONGEST_TOKEN + 2);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}
