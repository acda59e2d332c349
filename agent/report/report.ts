import type { FileCertificateRecord, SweepRow } from '../../parsers/record/columns.ts';
import type { CompiledRule } from '../../parsers/rules/compiled-rule.ts';
import type { Problem } from '../inspect/file-outcome.ts';
import { CsvReport } from './csv-report.ts';
import { HtmlReport } from './html/html-report.ts';
import { NdjsonReport } from './ndjson-report.ts';
import { toFile, toStream } from './record-output.ts';
import type { ReportFormat } from './report-formats.ts';
import { RuleNames } from './rule-names.ts';
import { TableReport } from './table-report.ts';
import { TextFile } from './text-file.ts';

export interface ReportOptions {
  readonly format: ReportFormat;
  /** A file, or `-` for standard output. */
  readonly out: string;
  /** Those that flag. */
  readonly rules: readonly CompiledRule[];
  /** Called when the reader of standard output has gone. */
  readonly onReaderGone: () => void;
}

/** What a sweep row does not say and its reader must know. */
export interface ReportNotes {
  /** Of trustLines(). */
  readonly trust: readonly string[];
  /** Security catalogs that were searched; undefined where none were at hand. */
  readonly catalogs: number | undefined;
  /** What live context could not see, a sentence each; undefined where nobody asked for it. */
  readonly liveMissing: readonly string[] | undefined;
}

/** The records of one sweep, written as they come. */
export interface Report {
  record(record: FileCertificateRecord, line: string): Promise<void>;
  problem(problem: Problem): void;
  /** Puts a file in its place. */
  finish(sweep: SweepRow, notes: ReportNotes): Promise<void>;
  /** After an error: leaves no half-written file. */
  abandon(): void;
}

const reports = { table: TableReport, ndjson: NdjsonReport, csv: CsvReport, html: HtmlReport };

export function openReport({ format, out, onReaderGone, rules }: ReportOptions): Report {
  const file = out === '-' ? undefined : new TextFile(out);
  const output = file ? toFile(file) : toStream(process.stdout, onReaderGone);
  return new reports[format](output, file, new RuleNames(rules));
}
