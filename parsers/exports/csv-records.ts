/** One record, or a problem with its quotes. `line` is where it begins, 1-based, `lastLine` where it was given up. */
export type CsvRecord =
  | { readonly kind: 'record'; readonly cells: string[]; readonly line: number }
  | { readonly kind: 'bad-quotes'; readonly line: number; readonly lastLine: number };

/** Characters of one record, quoted line ends included: an unterminated quote takes no more. */
export const MAX_RECORD = 1_048_576;

/** A quote that was not closed before the end, or before MAX_RECORD characters. Where the record begins. */
export class UnterminatedQuoteError extends Error {
  override readonly name = 'UnterminatedQuoteError';
  readonly line: number;

  constructor(line: number) {
    super(`a record has more than ${MAX_RECORD} characters, or a quote in it is not closed`);
    this.line = line;
  }
}

/** Where a record ends, its line end left out; no `cells` where what follows a closing quote is neither. */
interface Cut {
  readonly cells: string[] | undefined;
  readonly end: number;
}

/**
 * Cuts text into the records of RFC 4180, as it comes. A quote opens a cell only as its first character; further on in an
 * unquoted cell it is part of it. After bad quotes the next line is a record again.
 */
export class CsvRecords {
  readonly #delimiter: string;
  #text = '';
  #line = 1;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** The records that end in `text` or, where it is the last, with it. */
  *read(text: string, isLast: boolean): Generator<CsvRecord> {
    this.#text += text;
    let from = 0;
    while (from < this.#text.length) {
      const cut = this.#cut(from);
      const isWhole = cut !== undefined && (isLast || cut.end < this.#text.length);
      if (cut ? cut.end - from > MAX_RECORD : isLast) throw new UnterminatedQuoteError(this.#line);
      if (!isWhole) break;
      const { cells, end } = cut;
      const line = this.#line;
      const lastLine = line + lineFeeds(this.#text, from, end);
      if (!cells) yield { kind: 'bad-quotes', line, lastLine };
      else if (cells.length > 1 || cells[0]?.trim() !== '') yield { kind: 'record', cells, line };
      this.#line = lastLine + 1;
      from = end + 1;
    }
    this.#text = this.#text.slice(from);
    if (this.#text.length > MAX_RECORD) throw new UnterminatedQuoteError(this.#line);
  }

  /** The record that begins at `from`; undefined where the text ends inside quotes. */
  #cut(from: number): Cut | undefined {
    const end = lineEnd(this.#text, from);
    const line = this.#text.slice(from, withoutReturn(this.#text, from, end));
    return line.includes('"')
      ? this.#cutQuoted(from, end)
      : { cells: line.split(this.#delimiter), end };
  }

  #cutQuoted(from: number, firstEnd: number): Cut | undefined {
    const text = this.#text;
    const cells: string[] = [];
    for (let at = from, end = firstEnd; ; at += 1) {
      if (text[at] !== '"') {
        const rest = text.slice(at, withoutReturn(text, at, end));
        const length = rest.indexOf(this.#delimiter);
        cells.push(length < 0 ? rest : rest.slice(0, length));
        at = length < 0 ? end : at + length;
      } else {
        const close = closingQuote(text, at);
        if (close === undefined) return undefined;
        cells.push(text.slice(at + 1, close).replaceAll('""', '"'));
        at = close + 1;
        if (at > end) end = lineEnd(text, at);
        if (at !== end && withoutReturn(text, at, end) === at) at = end;
        if (at !== end && text[at] !== this.#delimiter) return { cells: undefined, end };
      }
      if (at >= end) return { cells, end };
    }
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function withoutReturn(text: string, from: number, end: number): number {
  return end > from && text[end - 1] === '\r' ? end - 1 : end;
}

/** undefined where the text ends before the quote that is opened at `from` is closed. */
function closingQuote(text: string, from: number): number | undefined {
  let at = text.indexOf('"', from + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at < 0 ? undefined : at;
}

function lineFeeds(text: string, from: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < end; at = text.indexOf('\n', at + 1))
    count += 1;
  return count;
}
