import { readSync } from 'node:fs';
import { withFileInside } from './open-inside.ts';

/** Bytes. What is asked for has one short line. */
const MAX_SIZE = 4096;

/** The beginning of a text file in an image, blanks at its ends left out; undefined where it cannot be read, or is empty. */
export function smallText(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    const text = withFileInside(file, (descriptor) => {
      const bytes = Buffer.alloc(MAX_SIZE);
      return bytes.toString('utf8', 0, readSync(descriptor, bytes)).trim();
    });
    return text === '' ? undefined : text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
