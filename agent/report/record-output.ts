import type { Writable } from 'node:stream';
import { CommandError } from '../exit-status.ts';
import { writeProblem } from '../write-problem.ts';
import type { TextFile } from './text-file.ts';

/** Where the lines of a report go. */
export interface RecordOutput {
  /** Resolves when more may be written. */
  write(text: string): Promise<void>;
  /** Resolves when all is written. */
  end(): Promise<void>;
}

export function toFile(file: TextFile): RecordOutput {
  return {
    async write(text) {
      file.write(text);
    },
    async end() {}, // the file's own commit()
  };
}

/**
 * Standard output, at the pace of who reads it. When the reader has gone (`| head`) it calls `onGone` and swallows the
 * rest: that is no error of ours. Any other failure is a CommandError of the next call: `> FILE` on a full disk.
 */
export function toStream(stream: Writable, onGone: () => void): RecordOutput {
  let gone = false;
  let failure: CommandError | undefined;
  let resume = () => {};
  stream.on('error', (error: NodeJS.ErrnoException) => {
    gone = error.code === 'EPIPE';
    if (!gone) failure = new CommandError(`cannot write standard output: ${writeProblem(error)}`);
    resume();
    if (gone) onGone();
  });
  stream.on('drain', () => resume());
  return {
    async write(text) {
      if (failure !== undefined) throw failure;
      if (gone || stream.write(text)) return;
      await new Promise<void>((resolve) => {
        resume = resolve;
      });
    },
    async end() {
      if (!gone) await new Promise<unknown>((resolve) => stream.write('', resolve));
      if (failure !== undefined) throw failure;
    },
  };
}
