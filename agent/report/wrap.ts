import { displayWidth } from './display-width.ts';

/** Columns of a terminal. */
const WIDTH = 80;

/**
 * `text` behind `start`, in lines no wider than a terminal where its words allow it; further lines begin where the text
 * does. A word that is wider than a line, a digest or a path, stays whole: it can then be copied.
 */
export function wrapped(start: string, text: string): string[] {
  const indent = ' '.repeat(start.length);
  const lines: string[] = [];
  let line = start;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && displayWidth(line) + 1 + displayWidth(word) > WIDTH) {
      lines.push(line.trimEnd());
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}
