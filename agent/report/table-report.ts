import type { FileCertificateRecord } from '../../parsers/record/columns.ts';
import { type Colours, coloursOf, noColours } from './colours.ts';
import { terminalWidth } from './display-width.ts';
import type { RecordOutput } from './record-output.ts';
import type { Report } from './report.ts';
import { isFlagged, isRuleHit } from './sweep-tally.ts';
import { flaggedBlock, tableHeader, tableRow } from './table.ts';
import type { TextFile } from './text-file.ts';

/** Flagged files and look-alikes that the table repeats in full at its end; the rest is in its rows. */
const MOST_BLOCKS = 200;

/** For people: one line a record, and at the end the flagged ones and look-alikes with all that is asked first. */
export class TableReport implements Report {
  readonly #output: RecordOutput;
  readonly #file: TextFile | undefined;
  /** Of the terminal; what is no terminal gets whole paths. */
  readonly #columns: number | undefined;
  readonly #colours: Colours;
  readonly #blocks: string[] = [];
  #flagged = 0;
  #lookAlikes = 0;
  #rows = 0;

  constructor(output: RecordOutput, file: TextFile | undefined) {
    this.#output = output;
    this.#file = file;
    this.#columns =
      file === undefined && process.stdout.isTTY ? terminalWidth(process.stdout) : undefined;
    this.#colours = file === undefined ? coloursOf(process.stdout) : noColours;
  }

  async record(record: FileCertificateRecord): Promise<void> {
    if (this.#rows++ === 0) await this.#output.write(tableHeader(this.#colours));
    await this.#output.write(tableRow(record, this.#columns, this.#colours));
    if (!isRuleHit(record)) return;
    if (isFlagged(record)) this.#flagged += 1;
    else this.#lookAlikes += 1;
    if (this.#blocks.length < MOST_BLOCKS) this.#blocks.push(flaggedBlock(record, this.#colours));
  }

  problem(): void {}

  async finish(): Promise<void> {
    const hits = this.#flagged + this.#lookAlikes;
    if (hits > 0) {
      const more = hits - this.#blocks.length;
      const end = more > 0 ? `... and ${more} more, marked FLAG or LIKE above\n` : '';
      const apart = this.#lookAlikes > 0 ? `, look-alikes: ${this.#lookAlikes}` : '';
      const heading = this.#colours.alarm(`Flagged: ${this.#flagged}${apart}`);
      await this.#output.write(`\n${heading}\n\n${this.#blocks.join('')}${end}`);
    }
    await this.#output.end();
    this.#file?.commit();
  }

  abandon(): void {
    this.#file?.abandon();
  }
}
