import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Channel, reasonOf, type SendResult } from './channel.ts';
import { jsonLine } from './json-line.ts';
import type { Notice } from './notice.ts';
import type { FileSettings } from './settings.ts';

const NEWLINE = 0x0a;
/** Others may not read what was found on devices; a link would let whoever can write the folder choose the file. */
const FLAGS =
  constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

/**
 * Appends a notice a line to a file. The file is opened anew each time, so that logrotate may rename it at any moment.
 * When it resolves the lines are on disk. A line that a crash cut off stays, and is ended.
 */
export class FileChannel implements Channel {
  readonly kind = 'file';
  readonly name: string;
  readonly most = 1_000;
  readonly #path: string;

  constructor({ name, path }: FileSettings) {
    this.name = name;
    this.#path = path;
  }

  async send(notices: readonly Notice[]): Promise<SendResult> {
    try {
      const file = await open(this.#path, FLAGS, 0o600);
      try {
        const lines = notices.map((notice) => `${jsonLine(notice)}\n`).join('');
        await file.appendFile((await isCutOff(file)) ? `\n${lines}` : lines);
        await file.sync();
      } finally {
        await file.close();
      }
      return { kind: 'delivered' };
    } catch (error) {
      return { kind: 'retry', reason: reasonOf(error) };
    }
  }

  async close(): Promise<void> {}
}

/** Whether a file ends within a line. */
async function isCutOff(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const last = new Uint8Array(1);
  await file.read(last, 0, 1, size - 1);
  return last[0] !== NEWLINE;
}
