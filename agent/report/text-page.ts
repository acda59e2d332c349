import { printable } from '../../parsers/record/printable.ts';
import { displayWidth } from './display-width.ts';

/** Columns of a terminal. */
const WIDTH = 80;
const LABEL_WIDTH = 12;
const LEVEL = '  ';

/** Lines for a person, no wider than a terminal where words allow it. Whatever is put in is made safe to print. */
export class TextPage {
  readonly #lines: string[] = [];

  /** An empty line, then `text` at the left edge. */
  heading(text: string): void {
    if (this.#lines.length > 0) this.#lines.push('');
    this.#lines.push(printable(text));
  }

  /** `label`, and behind it `value`; its further lines begin where the value does. */
  field(level: number, label: string, value: string | null | undefined): void {
    if (value === null || value === undefined) return;
    const start = LEVEL.repeat(level) + label.padEnd(LABEL_WIDTH - 1);
    this.#wrapped(`${start} `, value);
  }

  /** `text` alone; its further lines begin where it does. */
  line(level: number, text: string): void {
    this.#wrapped(LEVEL.repeat(level), text);
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  /** A word that is wider than a line, a digest or a path, stays whole: it can then be copied. */
  #wrapped(start: string, text: string): void {
    const indent = ' '.repeat(start.length);
    let line = start;
    let isEmpty = true;
    for (const word of printable(text).split(' ')) {
      if (!isEmpty && displayWidth(line) + 1 + displayWidth(word) > WIDTH) {
        this.#lines.push(line.trimEnd());
        line = indent;
        isEmpty = true;
      }
      line += isEmpty ? word : ` ${word}`;
      isEmpty = false;
    }
    this.#lines.push(line.trimEnd());
  }
}
