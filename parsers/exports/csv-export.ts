import { type CsvRecord, CsvRecords, UnterminatedQuoteError } from './csv-records.ts';
import { ExportDates, orderEvidence } from './export-dates.ts';
import { ExportError } from './export-error.ts';
import type { DateOrder, ExportFormat, ExportOptions } from './export-row.ts';
import { placeColumns } from './json-export.ts';
import type { RowSink } from './row-sink.ts';
import { type Dialect, EXPORT_COLUMNS } from './to-export-row.ts';

/** Characters of rows that wait for one that settles day and month; then the order must be given. */
const MAX_HELD = 16 * 1024 * 1024;
/** `Timestamp [UTC]`: Log Analytics' portal names the zone in the header. */
const BRACKET = /^(.*?)\s*\[(.*)\]$/;
/** What agent/report/csv-cell.ts puts before a formula. */
const GUARD = /(^|;)(["'\s]*)'(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/gu;

interface Held {
  readonly values: (string | null | undefined)[];
  readonly line: number;
}

/** An export as CSV: bytes in, rows into `sink`. */
export class CsvExport {
  readonly #options: ExportOptions;
  readonly #isOwn: boolean;
  readonly #sink: RowSink;
  readonly #decoder = new TextDecoder('utf-8');
  readonly #records: CsvRecords;
  readonly #dates: ExportDates;
  #columns: readonly (number | string)[] | undefined;
  readonly #zones: (string | undefined)[] = [];
  #held: Held[] = [];
  #heldSize = 0;
  #evidence: DateOrder | undefined;
  #line = 1;

  constructor(format: ExportFormat, delimiter: string, options: ExportOptions, sink: RowSink) {
    this.#options = options;
    this.#isOwn = format === 'certsweep-csv';
    this.#sink = sink;
    this.#records = new CsvRecords(delimiter);
    this.#dates = new ExportDates(options);
  }

  push(chunk: Uint8Array): void {
    this.#read(this.#decoder.decode(chunk, { stream: true }), false);
  }

  end(): void {
    this.#read(this.#decoder.decode(), true);
    if (!this.#columns) this.#fail('empty', 1, 'there is no header line');
    if (this.#held.length > 0) this.#ambiguous();
  }

  #read(text: string, isLast: boolean): void {
    try {
      for (const record of this.#records.read(text, isLast)) this.#take(record);
    } catch (error) {
      if (!(error instanceof UnterminatedQuoteError)) throw error;
      this.#fail('unterminated-quote', error.line, error.message);
    }
  }

  #take(record: CsvRecord): void {
    this.#line = record.line;
    if (record.kind === 'bad-quotes') {
      if (!this.#columns) this.#fail('unterminated-quote', record.line, 'bad quotes in the header');
      const lines = record.lastLine > record.line ? `, lines up to ${record.lastLine} with it` : '';
      const message = `expected the end of a cell after a closing quote${lines}`;
      this.#sink.refuse(record.line, 'bad-quotes', message);
      return;
    }
    if (this.#columns) this.#takeRow(this.#columns, record.cells, record.line);
    else if (!isSeparatorHint(record.cells)) this.#takeHeader(record.cells);
  }

  #takeHeader(cells: readonly string[]): void {
    const split = cells.map((cell) => BRACKET.exec(cell.trim()) ?? [cell, cell.trim()]);
    const names = split.map(([, name]) => name ?? '');
    this.#columns = placeColumns(names, this.#options.name, `line ${this.#line}`);
    this.#columns.forEach((column, index) => {
      if (typeof column === 'number') this.#zones[column] = columnZone(split[index]?.[2]);
    });
  }

  #takeRow(columns: readonly (number | string)[], cells: readonly string[], line: number): void {
    if (cells.length !== columns.length) {
      const message = `expected ${columns.length} cells as in the header, found ${cells.length}`;
      this.#sink.refuse(line, 'cell-count', message);
      return;
    }
    if (cells.some((cell) => cell.includes('\ufffd'))) {
      this.#sink.refuse(line, 'not-utf8', 'a character is not UTF-8: save the file as UTF-8');
      return;
    }
    const values: (string | null | undefined)[] = [];
    columns.forEach((column, index) => {
      const cell = cells[index] ?? '';
      if (typeof column === 'string') this.#sink.drop(column);
      else values[column] = this.#isOwn ? ownValue(cell) : cell;
    });
    this.#settle({ values, line });
  }

  /** Rows wait while day and month may be either; a row that settles it lets them go. */
  #settle(row: Held): void {
    if (this.#options.dateOrder !== undefined) {
      this.#add(row);
      return;
    }
    const found = DATE_COLUMNS.map((index) => orderEvidence(row.values[index] ?? ''));
    for (const each of found) {
      if (each === 'dmy' || each === 'mdy') this.#setOrder(each, row.line);
    }
    if (this.#evidence === undefined && (found.includes('open') || this.#held.length > 0)) {
      this.#held.push(row);
      this.#heldSize += row.values.reduce((size, value) => size + (value?.length ?? 0), 0);
      if (this.#heldSize > MAX_HELD) this.#ambiguous();
      return;
    }
    for (const each of this.#held) this.#add(each);
    this.#held = [];
    this.#add(row);
  }

  #setOrder(order: DateOrder, line: number): void {
    if (this.#evidence !== undefined && this.#evidence !== order)
      this.#fail('mixed-dates', line, 'dates are day first in one row and month first in another');
    this.#evidence = order;
    this.#dates.order = order;
  }

  #add({ values, line }: Held): void {
    const place = `line ${line}`;
    const dialect: Dialect = {
      kind: 'csv',
      readDate: (text, column) => this.#dates.read(text, this.#zones[column], place),
    };
    this.#sink.add(values, dialect, line);
  }

  #ambiguous(): never {
    const line = this.#held[0]?.line ?? this.#line;
    const message =
      'day and month of the dates may be either, and no row settles it: give --date-order dmy or mdy';
    this.#fail('ambiguous-dates', line, message);
  }

  #fail(code: ExportError['code'], line: number, message: string): never {
    throw new ExportError(code, this.#options.name, `line ${line}`, message);
  }
}

const DATE_COLUMNS = EXPORT_COLUMNS.flatMap(({ type }, index) =>
  type === 'datetime' ? [index] : [],
);

/** Excel's first line `sep=;`, cut at that very separator. */
function isSeparatorHint([first = '']: readonly string[]): boolean {
  return first.trim().startsWith('sep=');
}

/** A zone only where the brackets name one: `[Local Time]` does not. */
function columnZone(text: string | undefined): string | undefined {
  if (text === undefined || /^local/i.test(text)) return undefined;
  const offset = /^(?:UTC|GMT)([+-]\d{2}:\d{2})$/.exec(text);
  return offset?.[1] ?? text;
}

/** Our own CSV leaves absent values empty and puts ' before what a spreadsheet would take for a formula. */
function ownValue(cell: string): string | null {
  return cell === '' ? null : cell.replace(GUARD, '$1$2');
}
