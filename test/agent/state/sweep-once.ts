import type { Problem } from '../../../agent/inspect/file-outcome.ts';
import { DEFAULT_RESEND_DAYS, type RescanSettings } from '../../../agent/state/rescan-settings.ts';
import { SweepState } from '../../../agent/state/sweep-state.ts';
import { Sweep, type SweepSettings } from '../../../agent/sweep.ts';
import { planSweep, type SweepOptions } from '../../../agent/sweep-settings.ts';
import type { FileCertificateRecord, SweepRow } from '../../../parsers/record/columns.ts';

export const HOUR = 60 * 60 * 1000;
export const DAY = 24 * HOUR;

export interface SweepRun {
  readonly row: SweepRow;
  readonly records: readonly FileCertificateRecord[];
  readonly problems: readonly Problem[];
  readonly notice: string | undefined;
  /** Of the state's closing. */
  readonly complaint: string | undefined;
}

export interface SweepOnceOptions extends Partial<SweepOptions> {
  readonly paths: readonly string[];
  readonly stateFolder: string;
  /** Added to the clock. An hour by default: what a test has just written is then no longer fresh. */
  readonly laterMs?: number;
  readonly settings?: Partial<SweepSettings>;
  readonly onRecord?: (sweep: Sweep) => void;
  /** False: the sweep row is lost, as by a kill just after the sweep. */
  readonly isSettled?: boolean;
}

/** One sweep in this process with its state, opened and closed. */
export async function sweepOnce(options: SweepOnceOptions): Promise<SweepRun> {
  const { changedOnly = false, resendDays = DEFAULT_RESEND_DAYS, ...plain } = options;
  const { settings: planned } = await planSweep({ threads: 1, unsigned: true, ...plain });
  const laterMs = options.laterMs ?? HOUR;
  const state = SweepState.open(options.stateFolder, () => Date.now() + laterMs);
  const rescan: RescanSettings = { state, changedOnly, resendDays };
  const records: FileCertificateRecord[] = [];
  const problems: Problem[] = [];
  const sweep: Sweep = new Sweep(
    { ...planned, rescan, ...options.settings },
    {
      async record(record) {
        records.push(record);
        options.onRecord?.(sweep);
      },
      problem: (problem) => problems.push(problem),
      checkpoint: () => true,
    },
  );
  try {
    const row = await sweep.run();
    if (options.isSettled !== false) sweep.settle();
    return { row, records, problems, notice: state.notice, complaint: state.close() };
  } finally {
    state.close();
  }
}
