import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CommandError } from '../exit-status.ts';
import { writeProblem } from '../write-problem.ts';

/** Characters kept back before they are written: one call for some hundred lines. */
const PENDING_LIMIT = 256 * 1024;
/** Ends the name of a file that is being written. */
const PART = /^[0-9a-f]{8}\.part$/;

/**
 * A file that is there whole or not at all: written beside its place and renamed into it. Its SHA-256 is computed on the
 * way. What was there before stays until then.
 */
export class TextFile {
  readonly path: string;
  readonly #temporary: string;
  readonly #descriptor: number;
  readonly #hash = createHash('sha256');
  #pending = '';
  #isOpen = true;

  constructor(path: string) {
    refuseSpecialFile(path);
    this.path = path;
    this.#temporary = `${path}.${randomBytes(4).toString('hex')}.part`;
    try {
      this.#descriptor = openSync(this.#temporary, 'wx');
    } catch (error) {
      throw cannotWrite(path, error);
    }
  }

  write(text: string): void {
    this.#pending += text;
    if (this.#pending.length > PENDING_LIMIT) this.#flush();
  }

  /** Puts the file in its place and returns its SHA-256, lower-case hex. */
  commit(): string {
    this.#flush();
    try {
      this.#close();
      renameSync(this.#temporary, this.path);
    } catch (error) {
      throw cannotWrite(this.path, error); // a full disk again, where the file is on another machine
    }
    return this.#hash.digest('hex');
  }

  /** Nothing is left, as if it had never been opened; a file that is in its place stays. */
  abandon(): void {
    this.#close();
    rmSync(this.#temporary, { force: true });
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false; // also where closing fails: the number may be another file's then
    closeSync(this.#descriptor);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#pending);
    this.#pending = '';
    this.#hash.update(bytes);
    try {
      for (let written = 0; written < bytes.length; )
        written += writeSync(this.#descriptor, bytes, written);
    } catch (error) {
      throw cannotWrite(this.path, error); // a full disk, most often
    }
  }
}

/** What a process that was killed has left of the text files at `paths`. `-` has none, nor has a folder that cannot be read. */
export function unfinishedFiles(paths: readonly string[]): string[] {
  return paths
    .filter((path) => path !== '-')
    .flatMap((path) => {
      const start = `${basename(path)}.`;
      return namesIn(dirname(path))
        .filter((name) => name.startsWith(start) && PART.test(name.slice(start.length)))
        .map((name) => join(dirname(path), name));
    });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // whether it can be written is told when it is
  }
}

function cannotWrite(path: string, error: unknown): CommandError {
  return new CommandError(`cannot write ${path}: ${writeProblem(error)}`);
}

/** A rename onto /dev/null would replace the device. */
function refuseSpecialFile(path: string): void {
  const stats: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isFile())
    throw new CommandError(`cannot write ${path}: not a regular file (- is standard output)`);
}
