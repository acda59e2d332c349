import path from 'node:path';
import type { SweepRow } from '../../parsers/record/columns.ts';
import { printableLines } from '../../parsers/record/printable.ts';
import { CommandError, exitStatus } from '../exit-status.ts';
import { lowerPriority } from '../pace/low-priority.ts';
import { coloursOf } from '../report/colours.ts';
import { expectedEntries, sweepScope } from '../report/expected-entries.ts';
import { ProblemFile } from '../report/problem-file.ts';
import { showProgress } from '../report/progress.ts';
import { openReport } from '../report/report.ts';
import type { ReportFormat } from '../report/report-formats.ts';
import { summary } from '../report/summary.ts';
import { isRuleHit } from '../report/sweep-tally.ts';
import { flaggedLine } from '../report/table.ts';
import { unfinishedFiles } from '../report/text-file.ts';
import { trustLines } from '../report/trust-lines.ts';
import type { ScanShipping } from '../ship/scan-shipping.ts';
import { Sweep } from '../sweep.ts';
import { planSweep, type SweepOptions, type SweepPlan } from '../sweep-settings.ts';

/** The options of `scan` as commander gives them. */
export interface ScanOptions extends SweepOptions {
  readonly format: ReportFormat;
  readonly out: string;
  readonly errors?: string;
  readonly collector?: string;
  readonly tokenFile?: string;
  readonly ca?: string;
  readonly state?: string;
  readonly failOn: 'never' | 'flagged';
  /** Gives way to everything else on the machine. */
  readonly background?: boolean;
  /** Nothing on standard error but errors. */
  readonly quiet?: boolean;
}

/** Flagged files and look-alikes that the summary names; the records have them all. */
const MOST_FLAGGED = 20;

/** Anybody can make such names where --out is in a folder of all. */
const MOST_LEFT_TOLD = 3;

/** Runs one sweep and writes, ships and sums up what it finds. Returns the exit status. */
export async function scan(options: ScanOptions): Promise<number> {
  const written = [options.out, `${options.out}.sweep.json`].map((file) => path.resolve(file));
  if (options.errors !== undefined && written.includes(path.resolve(options.errors)))
    throw new CommandError('--out and --errors name the same file');
  if (options.background) lowerPriority().forEach(tell); // before the workers start: they inherit it
  const plan = await planSweep(options);
  const state = plan.settings.rescan?.state;
  if (state?.notice !== undefined) tell(state.notice);
  const left = unfinishedFiles([options.out, options.errors ?? '-']);
  for (const file of left.slice(0, MOST_LEFT_TOLD))
    tell(`${file} was left by a scan that was killed, or that still runs: it is no whole report`);
  if (left.length > MOST_LEFT_TOLD)
    tell(`and ${left.length - MOST_LEFT_TOLD} more such files beside it`);
  try {
    return await sweepAndShip(options, plan);
  } finally {
    const complaint = state?.close();
    if (complaint !== undefined) tell(complaint);
  }
}

async function sweepAndShip(options: ScanOptions, plan: SweepPlan): Promise<number> {
  const shipping = await openShipping(options);
  try {
    return await sweepOnce(options, plan, shipping);
  } catch (error) {
    shipping?.abandon().forEach(tell);
    throw error;
  }
}

async function sweepOnce(
  options: ScanOptions,
  { settings, catalogProblems, notes: planNotes }: SweepPlan,
  shipping: ScanShipping | undefined,
): Promise<number> {
  const { trust, catalogs, live } = settings;
  const flagged: string[] = [];
  let readerGone = false;
  const problems = options.errors === undefined ? undefined : new ProblemFile(options.errors);
  const report = openReport({
    ...options,
    rules: settings.rules,
    onReaderGone: () => {
      readerGone = true;
      sweep.interrupt();
    },
  });
  const sweep: Sweep = new Sweep(settings, {
    async record(record, line) {
      progress?.hide();
      await report.record(record, line);
      if (flagged.length < MOST_FLAGGED && isRuleHit(record)) flagged.push(flaggedLine(record));
      shipping?.record(record, line);
    },
    problem(problem) {
      problems?.write(problem);
      report.problem(problem);
    },
    checkpoint() {
      shipping?.flush();
      return options.changedOnly !== true; // a report that is cut off lacks what no later one would repeat
    },
  });
  for (const problem of catalogProblems) sweep.tally.problem(problem);
  const state = settings.rescan?.state;
  const scope = sweepScope(options);
  const expected = state?.lastEntries(scope) ?? expectedEntries(settings, options);
  const progress = options.quiet ? undefined : showProgress(sweep.tally, sweep.startMs, expected);
  const abandon = () => {
    report.abandon();
    problems?.abandon();
  };
  const ignoreSignals = onSignals(
    () => sweep.interrupt(),
    () => {
      abandon();
      shipping?.abandon().forEach(tell);
    },
  );
  try {
    const row = await sweep.run();
    progress?.end();
    const notes = {
      trust: [...trustLines(trust), ...planNotes],
      catalogs: catalogs?.catalogs.length,
      liveMissing: live?.missing,
    };
    await report.finish(row, notes);
    problems?.close();
    const shipped = await shipping?.finish(row);
    if (!row.Interrupted) state?.noteEntries(scope, row.Entries ?? 0);
    if (!readerGone) sweep.settle();
    const shown = options.format === 'table' ? [] : flagged;
    if (!readerGone && !options.quiet)
      process.stderr.write(
        summary(row, {
          ...notes,
          flagged: shown,
          flaggedFiles: sweep.tally.flaggedFiles,
          hasErrorFile: !!problems,
          colours: coloursOf(process.stderr),
        }),
      );
    if (shipped !== undefined && !(options.quiet && shipped.isDelivered))
      shipped.lines.forEach(tell);
    return statusOf(row, shipped?.isDelivered === false, options.failOn);
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

/** undici takes 30 MB: only who ships pays for it. */
async function openShipping(options: ScanOptions): Promise<ScanShipping | undefined> {
  const { collector, tokenFile, ca, state } = options;
  if (collector === undefined) return undefined;
  const { ScanShipping } = await import('../ship/scan-shipping.ts');
  const info = options.quiet ? () => {} : tell;
  return new ScanShipping({ collector, tokenFile, ca, state }, { info, warn: tell });
}

function tell(text: string): void {
  process.stderr.write(`certsweep: ${printableLines(text)}\n`);
}

function statusOf(row: SweepRow, notSent: boolean, failOn: ScanOptions['failOn']): number {
  if (notSent) return exitStatus.failed;
  if (row.Interrupted) return exitStatus.interrupted;
  if (failOn === 'never') return exitStatus.done;
  if ((row.Flagged ?? 0) + (row.LookAlikeFiles ?? 0) > 0) return exitStatus.flagged;
  return row.Complete ? exitStatus.done : exitStatus.incomplete;
}
