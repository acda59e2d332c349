import type { FileCertificateRecord, SweepRow } from '../../parsers/record/columns.ts';
import type { RecordOutput } from './record-output.ts';
import type { Report } from './report.ts';
import { writeSweepFile } from './sweep-file.ts';
import type { TextFile } from './text-file.ts';

/** Lines of JSON and nothing else. */
export class NdjsonReport implements Report {
  readonly #output: RecordOutput;
  readonly #file: TextFile | undefined;

  constructor(output: RecordOutput, file: TextFile | undefined) {
    this.#output = output;
    this.#file = file;
  }

  record(_record: FileCertificateRecord, line: string): Promise<void> {
    return this.#output.write(line);
  }

  problem(): void {}

  async finish(sweep: SweepRow): Promise<void> {
    await this.#output.end();
    if (this.#file !== undefined) writeSweepFile(this.#file, sweep);
  }

  abandon(): void {
    this.#file?.abandon();
  }
}
