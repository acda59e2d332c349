import type { FileCertificateRecord } from '../../parsers/record/columns.ts';
import { parseLines } from '../agent/run-agent.ts';

/** In the detail of a finding: a signature without a sound countersignature is judged by the clock. */
const NOW = /not at \S+ \(now:/g;

/** What a sweep says of the files themselves, a text for each record: not when, by which sweep, or in which order. */
export function recordFacts(ndjson: string): string[] {
  return parseLines<FileCertificateRecord>(ndjson)
    .map(({ Timestamp, ReadTime, ScanId, ReportId, ...facts }) =>
      JSON.stringify(facts).replaceAll(NOW, 'not at (now:'),
    )
    .toSorted();
}
