import {
  type FileCertificateRecord,
  recordColumns,
  type SweepRow,
  sweepColumns,
} from './columns.ts';
import { parseDatetime } from './datetime.ts';
import type { RowProblem } from './row-problem.ts';
import { RowReader } from './row-reader.ts';

/** A parsed line. `dropped` counts columns that Log Analytics exports add and that we do not keep. */
export type ParsedRow<Row> =
  | { readonly kind: 'row'; readonly row: Row; readonly dropped: number }
  | { readonly kind: 'bad'; readonly problems: readonly RowProblem[] };

/**
 * One NDJSON line as a row of AgentFileCertificateInfo. Columns that are absent are null, so a row with only Microsoft's
 * 18 columns is fine; Timestamp and DeviceId must be there. Driven by columns.ts alone.
 *
 * TimeGenerated stands for Timestamp where that is absent: a Log Analytics export has only this name.
 */
export function parseFileCertificateRecord(
  text: string,
  line: number,
): ParsedRow<FileCertificateRecord> {
  return parseRow('record', text, line) as ParsedRow<FileCertificateRecord>;
}

/** One NDJSON line as a row of AgentSweepInfo; the same rules. */
export function parseSweepRow(text: string, line: number): ParsedRow<SweepRow> {
  return parseRow('sweep', text, line) as ParsedRow<SweepRow>;
}

const readers = {
  record: new RowReader(recordColumns, datetimeText),
  sweep: new RowReader(sweepColumns, datetimeText),
};
const names = { record: Object.keys(recordColumns), sweep: Object.keys(sweepColumns) };

function parseRow(table: keyof typeof readers, text: string, line: number): ParsedRow<unknown> {
  const read = readers[table].read(text, line);
  if (read.kind === 'bad') return read;
  const row = Object.fromEntries(names[table].map((name, index) => [name, read.values[index]]));
  return { kind: 'row', row, dropped: read.dropped };
}

function datetimeText(text: string): string | undefined {
  return parseDatetime(text) === undefined ? undefined : text;
}
