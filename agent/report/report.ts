import type { FileCertificateRecord, SweepRow } from '../../parsers/record/columns.ts';
import { type RecordOutput, toFile, toStream } from './record-output.ts';
import { isFlagged } from './sweep-tally.ts';
import { flaggedBlock, tableHeader, tableRow } from './table.ts';
import { TextFile } from './text-file.ts';

export interface ReportOptions {
  readonly format: 'table' | 'ndjson';
  /** A file, or `-` for standard output. */
  readonly out: string;
  /** Called when the reader of standard output has gone. */
  readonly onReaderGone: () => void;
}

/** The records of one sweep, written as they come. */
export interface Report {
  record(record: FileCertificateRecord, line: string): Promise<void>;
  /** Puts a file in its place, with the sweep row beside it. */
  finish(sweep: SweepRow): Promise<void>;
  /** After an error: leaves no half-written file. */
  abandon(): void;
}

/** Flagged files that the table repeats in full at its end; the rest is in its rows. */
const MOST_BLOCKS = 200;

export function openReport(options: ReportOptions): Report {
  const file = options.out === '-' ? undefined : new TextFile(options.out);
  const output = file ? toFile(file) : toStream(process.stdout, options.onReaderGone);
  return options.format === 'table'
    ? new TableReport(output, file)
    : new NdjsonReport(output, file);
}

/** Lines of JSON and nothing else. Beside a file FILE goes FILE.sweep.json, whose RecordsDigest is the SHA-256 of FILE. */
class NdjsonReport implements Report {
  readonly #output: RecordOutput;
  readonly #file: TextFile | undefined;

  constructor(output: RecordOutput, file: TextFile | undefined) {
    this.#output = output;
    this.#file = file;
  }

  record(_record: FileCertificateRecord, line: string): Promise<void> {
    return this.#output.write(line);
  }

  async finish(sweep: SweepRow): Promise<void> {
    if (this.#file === undefined) return;
    const RecordsDigest = this.#file.commit();
    const sweepFile = new TextFile(`${this.#file.path}.sweep.json`);
    sweepFile.write(`${JSON.stringify({ ...sweep, RecordsDigest })}\n`);
    sweepFile.commit();
  }

  abandon(): void {
    this.#file?.abandon();
  }
}

class TableReport implements Report {
  readonly #output: RecordOutput;
  readonly #file: TextFile | undefined;
  /** Of the terminal; what is no terminal gets whole paths. */
  readonly #columns: number | undefined;
  readonly #blocks: string[] = [];
  #flagged = 0;
  #rows = 0;

  constructor(output: RecordOutput, file: TextFile | undefined) {
    this.#output = output;
    this.#file = file;
    this.#columns = file === undefined && process.stdout.isTTY ? process.stdout.columns : undefined;
  }

  async record(record: FileCertificateRecord): Promise<void> {
    if (this.#rows++ === 0) await this.#output.write(tableHeader());
    await this.#output.write(tableRow(record, this.#columns));
    if (!isFlagged(record)) return;
    this.#flagged += 1;
    if (this.#blocks.length < MOST_BLOCKS) this.#blocks.push(flaggedBlock(record));
  }

  async finish(): Promise<void> {
    if (this.#flagged > 0) {
      const more = this.#flagged - this.#blocks.length;
      const end = more > 0 ? `... and ${more} more, marked FLAG above\n` : '';
      await this.#output.write(`\nFlagged: ${this.#flagged}\n\n${this.#blocks.join('')}${end}`);
    }
    this.#file?.commit();
  }

  abandon(): void {
    this.#file?.abandon();
  }
}
