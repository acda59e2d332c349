import type { WinePrefix } from '../../build/wine/wine-prefix.ts';
import type { FileCertificateRecord } from '../../parsers/record/columns.ts';
import { parseLines } from '../agent/run-agent.ts';

/** What the records of an NDJSON text say of the files themselves, as sorted lines. Times and ids of the sweep are left out. */
export function recordFacts(ndjson: string): string[] {
  return parseLines<FileCertificateRecord>(ndjson).map(factsOf).toSorted();
}

/** The same of a sweep on Linux, with the paths that this Windows has for them. */
export function recordFactsFor(wine: WinePrefix, ndjson: string): string[] {
  return parseLines<FileCertificateRecord>(ndjson)
    .map((record) => ({
      ...record,
      FolderPath: wine.path(record.FolderPath ?? ''),
      TrustSource:
        record.TrustSource?.replace(
          /^(roots:)(.*)$/,
          (_, kind, file) => `${kind}${wine.path(file)}`,
        ) ?? null,
    }))
    .map(factsOf)
    .toSorted();
}

/** When a file was created is left out, too: Wine gives the time of its last change. */
function factsOf(record: FileCertificateRecord): string {
  const { Timestamp, ReadTime, ScanId, ReportId, FileCreatedTime, ...rest } = record;
  // A certificate that has run out is named with the time at which it was judged.
  return JSON.stringify(rest).replaceAll(/not at \S+ \(now/g, 'not at (now');
}
