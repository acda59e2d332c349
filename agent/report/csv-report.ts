import type { FileCertificateRecord, SweepRow } from '../../parsers/record/columns.ts';
import { csvLine } from './csv-cell.ts';
import { csvColumns, csvValues } from './csv-columns.ts';
import type { RecordOutput } from './record-output.ts';
import type { Report } from './report.ts';
import { writeSweepFile } from './sweep-file.ts';
import type { TextFile } from './text-file.ts';

/** Without it a spreadsheet reads the file as ANSI. A program that reads standard output would take it for a part of `Path`. */
const BYTE_ORDER_MARK = '\ufeff';

/** One line a record under a line of column names, which is there also when nothing was found. */
export class CsvReport implements Report {
  readonly #output: RecordOutput;
  readonly #file: TextFile | undefined;
  #hasHeader = false;

  constructor(output: RecordOutput, file: TextFile | undefined) {
    this.#output = output;
    this.#file = file;
  }

  async record(record: FileCertificateRecord): Promise<void> {
    await this.#header();
    await this.#output.write(csvLine(csvValues(record)));
  }

  problem(): void {}

  async finish(sweep: SweepRow): Promise<void> {
    await this.#header();
    await this.#output.end();
    if (this.#file !== undefined) writeSweepFile(this.#file, sweep);
  }

  abandon(): void {
    this.#file?.abandon();
  }

  async #header(): Promise<void> {
    if (this.#hasHeader) return;
    this.#hasHeader = true;
    const mark = this.#file === undefined ? '' : BYTE_ORDER_MARK;
    await this.#output.write(mark + csvLine(csvColumns));
  }
}
