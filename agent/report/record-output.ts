import type { Writable } from 'node:stream';
import type { TextFile } from './text-file.ts';

/** Where the lines of a report go. */
export interface RecordOutput {
  /** Resolves when more may be written. */
  write(text: string): Promise<void>;
}

export function toFile(file: TextFile): RecordOutput {
  return {
    async write(text) {
      file.write(text);
    },
  };
}

/**
 * Standard output, at the pace of who reads it. When the reader has gone (`| head`) it calls `onGone` and swallows the
 * rest: that is no error of ours.
 */
export function toStream(stream: Writable, onGone: () => void): RecordOutput {
  let gone = false;
  let resume = () => {};
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    gone = true;
    resume();
    onGone();
  });
  stream.on('drain', () => resume());
  return {
    async write(text) {
      if (gone || stream.write(text)) return;
      await new Promise<void>((resolve) => {
        resume = resolve;
      });
    },
  };
}
