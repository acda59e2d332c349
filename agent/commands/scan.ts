import path from 'node:path';
import type { SweepRow } from '../../parsers/record/columns.ts';
import { printableLines } from '../../parsers/record/printable.ts';
import { CommandError, exitStatus } from '../exit-status.ts';
import { ProblemFile } from '../report/problem-file.ts';
import { showProgress } from '../report/progress-line.ts';
import { openReport } from '../report/report.ts';
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
  readonly format: 'table' | 'ndjson';
  readonly out: string;
  readonly errors?: string;
  readonly collector?: string;
  readonly tokenFile?: string;
  readonly failOn: 'never' | 'flagged';
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
      await report.record(record, line);
      if (flagged.length < MOST_FLAGGED && isFlagged(record)) flagged.push(flaggedLine(record));
      await shipper?.add(line);
    },
    problem: (problem) => problems?.write(problem),
  });
  for (const problem of catalogProblems) sweep.tally.problem(problem);
  const abandon = () => {
    report.abandon();
    problems?.abandon();
  };
  const ignoreSignals = onSignals(() => sweep.interrupt(), abandon);
  try {
    const row = await withProgress(sweep);
    await report.finish(row);
    problems?.close();
    await shipper?.finish(row);
    const shown = options.format === 'table' ? [] : flagged;
    if (!readerGone)
      process.stderr.write(
        summary(row, {
          flagged: shown,
          hasErrorFile: !!problems,
          trust: trustLines(trust),
          catalogs: catalogs?.catalogs.length,
          liveMissing: live?.missing,
        }),
      );
    if (shipper !== undefined) tellOfShipping(shipper, row);
    return statusOf(row, shipper?.failure !== undefined, options.failOn);
  } catch (error) {
    abandon();
    throw error;
  } finally {
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

/** Rows on a terminal are progress enough: the two would write over each other. */
async function withProgress(sweep: Sweep): Promise<SweepRow> {
  const visible = process.stderr.isTTY && !process.stdout.isTTY;
  const clear = visible ? showProgress(process.stderr, sweep.tally, sweep.startMs) : () => {};
  try {
    return await sweep.run();
  } finally {
    clear();
  }
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

function tellOfShipping(shipper: Shipper, { Records }: SweepRow): void {
  if (shipper.failure === undefined) {
    tell(`sent ${shipper.sent} records and the sweep row to the collector`);
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
