import type { Problem } from '../inspect/file-outcome.ts';
import { readablePath } from '../walk/disk-path.ts';
import { TextFile } from './text-file.ts';

/** `--errors FILE`: one JSON object a line for each path that was not read, or not as what it is. */
export class ProblemFile {
  readonly #file: TextFile;

  constructor(path: string) {
    this.#file = new TextFile(path);
  }

  write({ path, reason, code, offset, detail }: Problem): void {
    const line = { path: readablePath(path), reason, code, offset, detail };
    this.#file.write(`${JSON.stringify(line)}\n`);
  }

  close(): void {
    this.#file.commit();
  }

  abandon(): void {
    this.#file.abandon();
  }
}
