import { printable } from '../../parsers/record/printable.ts';
import { wrapped } from './wrap.ts';

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

  #wrapped(start: string, text: string): void {
    this.#lines.push(...wrapped(start, printable(text)));
  }
}
