import { CommandError } from '../exit-status.ts';
import { readInput } from './read-input.ts';

const MAX_SIZE = 16 * 1024 * 1024;
/** Hex digits of SHA-1 and SHA-256. */
const THUMBPRINT = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * The thumbprints in a `--distrust` file, lower-case hex: one a line, SHA-1 or SHA-256, as tools print them, with colons or
 * spaces between the digits. `#` begins a comment. Throws CommandError with file and line: a typing error must not trust.
 */
export function readDistrustFile(file: string): Set<string> {
  const text = Buffer.from(readInput(file, MAX_SIZE)).toString('utf8');
  const thumbprints = new Set<string>();
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const [content = ''] = line.split('#');
    // Windows' certificate dialog puts U+200E in front of what is copied from it.
    const thumbprint = content.replace(/[\s:\u200e]/g, '').toLowerCase();
    if (thumbprint === '') continue;
    if (!THUMBPRINT.test(thumbprint))
      throw new CommandError(
        `${file}:${index + 1}: ${thumbprint.length} characters, a thumbprint has 40 or 64 hex digits`,
      );
    thumbprints.add(thumbprint);
  }
  if (thumbprints.size === 0) throw new CommandError(`${file}: no thumbprint in it`);
  return thumbprints;
}
