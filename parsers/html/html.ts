import { printable } from '../record/printable.ts';

/** Characters of one text. A path may have 4,096 bytes and more, a name in a certificate any number. */
const MOST_CHARACTERS = 1200;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup that is safe as it is. Only html`` makes it. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

export type Content = Html | string | number | null | undefined | false | readonly Content[];

/**
 * Markup with values put in. Whatever is not Html is text of somebody else's: what cannot be seen is written as an escape,
 * what is too long loses its middle and says so, and `<`, `>`, `&` and quotes are entities. Attributes must stand in double quotes.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  let markup = parts[0] ?? '';
  for (const [index, value] of values.entries()) markup += toMarkup(value) + parts[index + 1];
  return new Html(markup);
}

function toMarkup(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(toMarkup).join('');
  return escapeHtml(`${value}`);
}

export function escapeHtml(text: string): string {
  const more = text.length - MOST_CHARACTERS;
  if (more <= 0) return escapeWhole(text);
  const half = MOST_CHARACTERS / 2; // both ends of a path say something
  return `${escapeWhole(text.slice(0, half))} […${more} characters left out…] ${escapeWhole(text.slice(-half))}`;
}

function escapeWhole(text: string): string {
  return printable(text).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
