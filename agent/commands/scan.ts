import path from 'node:path';
import type { SweepRow } from '../../parsers/record/columns.ts';
import { printableLines } from '../../parsers/record/printable.ts';
import { CommandError, exitStatus } from '../exit-status.ts';
import { coloursOf } from '../report/colours.ts';
import { ProblemFile } from '../report/problem-file.ts';
import { showProgress } from '../report/progress.ts';
import { openReport } from '../report/report.ts';
import type { ReportFormat } from '../report/report-formats.ts';
import { summary } from '../report/summary.ts';
import { isFlagged } from '../report/sweep-tally.ts';
import { flaggedLine } from '../report/table.ts';
import { trustLines } from '../report/trust-lines.ts';
import type { CollectorAddress } from '../ship/collector-client.ts';
import { Shipper } from '../ship/shipper.ts';
import { readToken } from '../ship/token-file.ts';
import { Sweep } from '../sweep.ts';
import { planSweep, type SweepOptions } from '../sweep-settings.ts';

/** The options of `scan` as commander gives them. */
export interface ScanOptions extends SweepOptions {
  readonly format: ReportFormat;
  readonly out: string;
  readonly errors?: string;
  readonly collector?: string;
  readonly tokenFile?: string;
  readonly failOn: 'never' | 'flagged';
  /** Nothing on standard error but errors. */
  readonly quiet?: boolean;
}

/** Flagged files that the summary names; the records have them all. */
const MOST_FLAGGED = 20;

/** Runs one sweep and writes, ships and sums up what it finds. Returns the exit status. */
export async function scan(options: ScanOptions): Promise<number> {
  if (options.errors !== undefined && path.resolve(options.errors) === path.resolve(options.out))
    throw new CommandError('--out and --errors name the same file');
  const { settings, catalogProblems } = await planSweep(options);
  const { trust, catalogs, live } = settings;
  const shipper = options.collector === undefined ? undefined : new Shipper(address(options));

  const flagged: string[] = [];
  let readerGone = false;
  const problems = options.errors === undefined ? undefined : new ProblemFile(options.errors);
  const report = openReport({
    ...options,
    onReaderGone: () => {
      readerGone = true;
      sweep.interrupt();
    },
  });
  const sweep: Sweep = new Sweep(settings, {
    async record(record, line) {
      progress?.hide();
      await report.record(record, line);
      if (flagged.length < MOST_FLAGGED && isFlagged(record)) flagged.push(flaggedLine(record));
      await shipper?.add(line);
    },
    problem(problem) {
      problems?.write(problem);
      report.problem(problem);
    },
  });
  for (const problem of catalogProblems) sweep.tally.problem(problem);
  const progress = options.quiet ? undefined : showProgress(sweep.tally, sweep.startMs);
  const abandon = () => {
    report.abandon();
    problems?.abandon();
  };
  const ignoreSignals = onSignals(() => sweep.interrupt(), abandon);
  try {
    const row = await sweep.run();
    progress?.end();
    const notes = {
      trust: trustLines(trust),
      catalogs: catalogs?.catalogs.length,
      liveMissing: live?.missing,
    };
    await report.finish(row, notes);
    problems?.close();
    await shipper?.finish(row);
    const shown = options.format === 'table' ? [] : flagged;
    if (!readerGone && !options.quiet)
      process.stderr.write(
        summary(row, {
          ...notes,
          flagged: shown,
          hasErrorFile: !!problems,
          colours: coloursOf(process.stderr),
        }),
      );
    if (shipper !== undefined) tellOfShipping(shipper, row, options.quiet);
    return statusOf(row, shipper?.failure !== undefined, options.failOn);
  } catch (error) {
    abandon();
    throw error;
  } finally {
    progress?.end();
    ignoreSignals();
  }
}

/** The first SIGINT or SIGTERM interrupts, the second ends the process. Returns what takes the listeners away. */
function onSignals(interrupt: () => void, abandon: () => void): () => void {
  let signals = 0;
  const onSignal = () => {
    signals += 1;
    if (signals === 1) return interrupt();
    abandon();
    process.exit(exitStatus.interrupted);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return () => process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
}

function address({ collector = '', tokenFile }: ScanOptions): CollectorAddress {
  const url = URL.parse(collector);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new CommandError(`--collector ${collector}: an http or https address is wanted`);
  const token = tokenFile === undefined ? undefined : readToken(tokenFile);
  const isLoopback = /^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname);
  if (token !== undefined && url.protocol === 'http:' && !isLoopback)
    throw new CommandError(`--token-file: the token would cross the network in clear: use https`);
  return { url, token };
}

function tellOfShipping(shipper: Shipper, { Records }: SweepRow, quiet = false): void {
  if (shipper.failure === undefined) {
    if (!quiet) tell(`sent ${shipper.sent} records and the sweep row to the collector`);
    return;
  }
  tell(`NOT SENT: ${shipper.failure.message}`);
  tell(`${shipper.sent} of ${Records} records have arrived. Scan again, or keep them with --out`);
  tell('FILE --format ndjson and give that to `certsweep-collector import`.');
}

function tell(text: string): void {
  process.stderr.write(`certsweep: ${printableLines(text)}\n`);
}

function statusOf(row: SweepRow, notSent: boolean, failOn: ScanOptions['failOn']): number {
  if (notSent) return exitStatus.failed;
  if (row.Interrupted) return exitStatus.interrupted;
  if (failOn === 'never') return exitStatus.done;
  if ((row.Flagged ?? 0) > 0) return exitStatus.flagged;
  return row.Complete ? exitStatus.done : exitStatus.incomplete;
}
