import type { Writable } from 'node:stream';

const WIDTH = 80;

/**
 * Prints sentences, each from a line of its own. On a terminal they are broken between words at its width; elsewhere a
 * sentence is one line, which is easier to search.
 */
export function printNotes(
  stream: Writable & { readonly isTTY?: boolean; readonly columns?: number },
  sentences: readonly string[],
): void {
  const width = stream.isTTY ? Math.max(stream.columns ?? 0, WIDTH) : Number.POSITIVE_INFINITY;
  for (const sentence of sentences) stream.write(`${wrap(sentence, width)}\n`);
}

/** `sentence` in lines of at most `width` characters, where its words allow it. */
export function wrap(sentence: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of sentence.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
