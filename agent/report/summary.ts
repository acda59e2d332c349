import type { SweepRow } from '../../parsers/record/columns.ts';
import { printable } from '../../parsers/record/printable.ts';
import { type Colours, noColours } from './colours.ts';

export interface SummaryOptions {
  /** Lines on the first flagged files and look-alikes; empty where the report itself shows them. */
  readonly flagged: readonly string[];
  /** Whether `--errors` lists what was not read. */
  readonly hasErrorFile: boolean;
  /** Files, each counted once however many signatures of it are flagged. */
  readonly flaggedFiles: number;
  /** Of trustLines(). */
  readonly trust: readonly string[];
  /** Security catalogs that were searched; undefined where none were at hand. */
  readonly catalogs?: number | undefined;
  /** What live context could not see, a sentence each; undefined where nobody asked for it. */
  readonly liveMissing?: readonly string[] | undefined;
  readonly colours?: Colours;
}

/** What a person reads when the scan is over. Every path that was not read is counted here, by reason. */
export function summary(sweep: SweepRow, options: SummaryOptions): string {
  const { flagged, hasErrorFile, trust, catalogs, liveMissing, colours = noColours } = options;
  const seconds = (Date.parse(sweep.EndTime ?? '') - Date.parse(sweep.StartTime ?? '')) / 1000;
  const hits = hitsOf(sweep, options.flaggedFiles);
  const unsigned = (sweep.Records ?? 0) - (sweep.Signed ?? 0);
  const lines = [
    `${sweep.Interrupted ? 'INTERRUPTED. ' : ''}${sweep.Files} files in ${sweep.Directories} directories in ${seconds.toFixed(1)} s`,
    row('examined', `${sweep.Images} files, ${megabytes(sweep.Bytes)} hashed`),
    row(
      'records',
      `${sweep.Records}: ${sweep.Signed} signed, ${unsigned} without a signature that can be read`,
    ),
    hits.count === 0 ? row('flagged', '0') : colours.alarm(row('flagged', hitWords(hits))),
    ...flagged.map((line) => `    ${line}`),
    ...(flagged.length > 0 && flagged.length < hits.count ? ['    ...'] : []),
    row('malformed', `${sweep.Malformed} files${listed(sweep.Malformed, hasErrorFile)}`),
    row('not read', counts(sweep.Skipped)),
    row('other kinds', counts(sweep.OtherKinds)),
    ...trust.map((line, index) => row(index === 0 ? 'trust' : '', line)),
    ...(catalogs === undefined ? [] : [row('catalogs', `${catalogs} searched for unsigned files`)]),
    ...(liveMissing === undefined ? [] : liveRows(liveMissing)),
  ];
  if (!sweep.Complete)
    lines.push(colours.warning('NOT COMPLETE: what was not read may be anything.'));
  if (unsigned > 0 && catalogs === undefined)
    lines.push(
      '"unsigned" files were not looked up in catalogs, which may sign them (--catalogs DIR).',
    );
  return `${lines.join('\n')}\n`;
}

interface Hits {
  /** Lines that there would be without a limit: signatures flagged and look-alikes. */
  readonly count: number;
  readonly files: number;
  readonly lookAlikes: number;
}

function hitsOf({ Flagged, LookAlikeFiles }: SweepRow, flaggedFiles: number): Hits {
  const lookAlikes = LookAlikeFiles ?? 0;
  return { count: (Flagged ?? 0) + lookAlikes, files: flaggedFiles, lookAlikes };
}

function hitWords({ files, lookAlikes }: Hits): string {
  const flagged = `${files} ${files === 1 ? 'file' : 'files'} flagged`;
  if (lookAlikes === 0) return flagged;
  return `${flagged}, ${lookAlikes} ${lookAlikes === 1 ? 'look-alike' : 'look-alikes'}`;
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(12)}${text}`;
}

function liveRows(missing: readonly string[]): string[] {
  if (missing.length === 0) return [row('live', 'processes and autostarts of the flagged files')];
  return missing.map((line, index) => row(index === 0 ? 'live' : '', printable(line)));
}

function counts(value: SweepRow['Skipped']): string {
  const entries = Object.entries((value ?? {}) as Record<string, number>);
  if (entries.length === 0) return 'none';
  return entries
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${printable(name)} ${count}`)
    .join(', ');
}

function listed(count: number | null, hasErrorFile: boolean): string {
  if (count === 0 || count === null) return '';
  return hasErrorFile ? ', listed by --errors' : ' (--errors FILE lists them)';
}

function megabytes(bytes: number | null): string {
  return `${((bytes ?? 0) / 1e6).toFixed(1)} MB`;
}
