import type { Problem } from '../../../agent/inspect/file-outcome.ts';
import { pageParts } from '../../../agent/report/html/page.ts';
import { ReportContent } from '../../../agent/report/html/report-content.ts';
import type { ReportNotes } from '../../../agent/report/report.ts';
import { RuleNames } from '../../../agent/report/rule-names.ts';
import { SweepTally } from '../../../agent/report/sweep-tally.ts';
import {
  type FileCertificateRecord,
  type SweepRow,
  sweepColumns,
} from '../../../parsers/record/columns.ts';

export interface SampleSweep {
  readonly records?: Iterable<FileCertificateRecord>;
  readonly problems?: readonly Problem[];
  readonly row?: Partial<SweepRow>;
  readonly notes?: Partial<ReportNotes>;
}

const nothingKnown = Object.fromEntries(
  Object.keys(sweepColumns).map((name) => [name, null]),
) as SweepRow;

/** The page of a sweep that found just this. */
export function samplePage({ records = [], problems = [], row, notes }: SampleSweep): string {
  const content = new ReportContent(new RuleNames());
  const tally = new SweepTally((problem) => content.problem(problem));
  for (const record of records) {
    tally.recordsOfFile([record]);
    content.record(record);
  }
  for (const problem of problems) tally.problem(problem);
  const sweep: SweepRow = {
    ...nothingKnown,
    Timestamp: '2026-01-02T04:06:05.000Z',
    DeviceId: 'd0'.repeat(20),
    DeviceName: 'host.example',
    ScanId: 'scan-1',
    StartTime: '2026-01-02T03:04:05.000Z',
    EndTime: '2026-01-02T04:06:05.000Z',
    Complete: tally.unseen === 0,
    Interrupted: false,
    Roots: ['/srv'],
    Files: 1234,
    Bytes: 5_678_901,
    Images: tally.records,
    Records: tally.records,
    Signed: tally.signed,
    Flagged: tally.flagged,
    Malformed: tally.malformed,
    Skipped: Object.fromEntries(tally.skipped),
    OtherKinds: {},
    RuleDigest: 'e1'.repeat(32),
    AgentVersion: '0.0.0',
    ...row,
  };
  const all = {
    trust: ['imported: 3 roots'],
    catalogs: undefined,
    liveMissing: undefined,
    ...notes,
  };
  return [...pageParts(sweep, content, all)].map(({ markup }) => markup).join('');
}

/** What a person sees of a page, without its tags. */
export function textOf(page: string): string {
  return page
    .replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ ([.,])/g, '$1');
}
