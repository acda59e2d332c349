/** One record, or a problem with its quotes. `line` is where it begins, 1-based. */
export type CsvRecord =
  | { readonly kind: 'record'; readonly cells: string[]; readonly line: number }
  | { readonly kind: 'bad-quotes'; readonly line: number };

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

/** Cuts text into the records of RFC 4180, as it comes. Pairs of quotes inside an unquoted cell are part of it. */
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
    for (;;) {
      const end = this.#recordEnd(from);
      if (end === undefined && !isLast) break;
      if (end === undefined && from >= this.#text.length) break;
      const record = this.#text.slice(from, end ?? this.#text.length);
      if (record.length > MAX_RECORD) throw new UnterminatedQuoteError(this.#line);
      if (end === undefined && isOpen(record)) throw new UnterminatedQuoteError(this.#line);
      if (record.trim() !== '')
        yield this.#toRecord(record.endsWith('\r') ? record.slice(0, -1) : record);
      this.#line += 1 + (record.includes('\n') ? record.split('\n').length - 1 : 0);
      if (end === undefined) {
        from = this.#text.length;
        break;
      }
      from = end + 1;
    }
    this.#text = this.#text.slice(from);
    if (this.#text.length > MAX_RECORD) throw new UnterminatedQuoteError(this.#line);
  }

  /** The line end that ends the record: one before which the number of quotes is even. */
  #recordEnd(from: number): number | undefined {
    let start = from;
    let open = false;
    for (;;) {
      const end = this.#text.indexOf('\n', start);
      if (end < 0) return undefined;
      if (isOpen(this.#text.slice(start, end))) open = !open;
      if (!open) return end;
      start = end + 1;
    }
  }

  #toRecord(text: string): CsvRecord {
    if (!text.includes('"'))
      return { kind: 'record', cells: text.split(this.#delimiter), line: this.#line };
    const cells: string[] = [];
    for (let at = 0; ; ) {
      const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at, this.#delimiter);
      const next = text[cell.end];
      if (next !== undefined && next !== this.#delimiter)
        return { kind: 'bad-quotes', line: this.#line };
      cells.push(cell.value);
      if (next === undefined) return { kind: 'record', cells, line: this.#line };
      at = cell.end + 1;
    }
  }
}

/** Whether a quote is open at the end of the text. */
function isOpen(text: string): boolean {
  let open = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) open = !open;
  return open;
}

function plainCell(text: string, from: number, delimiter: string) {
  const found = text.indexOf(delimiter, from);
  const end = found < 0 ? text.length : found;
  return { value: text.slice(from, end), end };
}

function quotedCell(text: string, from: number) {
  let end = text.indexOf('"', from + 1);
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  if (end < 0) return { value: text.slice(from), end: from }; // no delimiter stands there: bad quotes
  return { value: text.slice(from + 1, end).replaceAll('""', '"'), end: end + 1 };
}
