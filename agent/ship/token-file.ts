import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { CommandError } from '../exit-status.ts';
import { writeProblem } from '../write-problem.ts';

/** Who may read beyond the owner. */
const OTHERS = 0o077;
/** Characters. An HTTP header has no room for more. */
const LONGEST_TOKEN = 4096;

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
  if (!isToken(text)) throw new CommandError(`${path} does not hold a token`);
  return text;
}

/** Whether `text` can go into an Authorization header as it is. */
export function isToken(text: string): boolean {
  return text.length <= LONGEST_TOKEN && /^[\x21-\x7e]+$/.test(text);
}

/** A token file in the making: opened before the token is asked for, since a token is shown only once. */
export class NewTokenFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #descriptor: number;

  constructor(path: string) {
    this.#path = path;
    this.#temporary = `${path}.${randomBytes(4).toString('hex')}.part`;
    try {
      this.#descriptor = openSync(this.#temporary, 'wx', 0o600);
    } catch (error) {
      throw this.#cannotWrite(error);
    }
  }

  /** Puts the token in its place, whole and on disk, where only its owner can read it. */
  commit(token: string): void {
    try {
      writeSync(this.#descriptor, `${token}\n`);
      fsyncSync(this.#descriptor);
      renameSync(this.#temporary, this.#path);
    } catch (error) {
      throw this.#cannotWrite(error);
    }
  }

  /** Whatever has happened: nothing half-written stays. */
  close(): void {
    closeSync(this.#descriptor);
    rmSync(this.#temporary, { force: true });
  }

  #cannotWrite(error: unknown): CommandError {
    return new CommandError(`cannot write ${this.#path}: ${writeProblem(error)}`);
  }
}
