import type { FileCertificateRecord, SweepRow } from '../../../parsers/record/columns.ts';
import type { Problem } from '../../inspect/file-outcome.ts';
import type { RecordOutput } from '../record-output.ts';
import type { Report, ReportNotes } from '../report.ts';
import type { RuleNames } from '../rule-names.ts';
import type { TextFile } from '../text-file.ts';
import { pageParts } from './page.ts';
import { ReportContent } from './report-content.ts';

/** One page that stands alone: no script or style from elsewhere, nothing fetched. Written when the sweep is over. */
export class HtmlReport implements Report {
  readonly #output: RecordOutput;
  readonly #file: TextFile | undefined;
  readonly #content: ReportContent;

  constructor(output: RecordOutput, file: TextFile | undefined, names: RuleNames) {
    this.#content = new ReportContent(names);
    this.#output = output;
    this.#file = file;
  }

  async record(record: FileCertificateRecord): Promise<void> {
    this.#content.record(record);
  }

  problem(problem: Problem): void {
    this.#content.problem(problem);
  }

  async finish(sweep: SweepRow, notes: ReportNotes): Promise<void> {
    for (const part of pageParts(sweep, this.#content, notes))
      await this.#output.write(part.markup);
    await this.#output.end();
    this.#file?.commit();
  }

  abandon(): void {
    this.#file?.abandon();
  }
}
