import { homedir } from 'node:os';
import path from 'node:path';

/**
 * The home of this user; undefined where there is none: an account of a container that nobody entered, or HOME is empty.
 * A relative one counts as none: what lies there is trusted, and must not be found in the current directory.
 */
export function homeFolder(): string | undefined {
  try {
    const home = homedir();
    return path.isAbsolute(home) ? home : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SYSTEM_ERROR') return undefined;
    throw error;
  }
}
