import type { SweepRow } from '../../parsers/record/columns.ts';
import { printable } from '../../parsers/record/printable.ts';
import { isRuleHit } from '../report/sweep-tally.ts';
import type { Spool } from '../ship/spool.ts';
import { Sweep } from '../sweep.ts';
import { planSweep } from '../sweep-settings.ts';
import { readablePath } from '../walk/disk-path.ts';
import type { Config } from './config-keys.ts';
import type { ServiceLog } from './service-log.ts';
import { sweepOptions } from './sweep-options.ts';

/** One sweep into the spool, its row included. `stop` interrupts it; what was found until then is kept. Throws CommandError. */
export async function runSweep(
  config: Config,
  spool: Spool,
  log: ServiceLog,
  stop: AbortSignal,
): Promise<SweepRow> {
  const { settings, catalogProblems, notes } = await planSweep(sweepOptions(config));
  for (const note of notes) log.warn('warning', note);
  spool.flush(); // what a failed sweep has left must not share a batch with this one
  const sweep = new Sweep(settings, {
    async record(record, line) {
      spool.add('AgentFileCertificateInfo', line, { flagged: isRuleHit(record) });
    },
    problem({ path, reason, code, detail }) {
      log.debug('not-read', detail ?? reason, {
        path: printable(readablePath(path)),
        reason,
        code,
      });
    },
    checkpoint() {
      spool.flush();
      return true;
    },
  });
  const state = settings.rescan?.state;
  if (state?.notice !== undefined) log.warn('state', state.notice);
  for (const problem of catalogProblems) sweep.tally.problem(problem);
  const interrupt = () => sweep.interrupt();
  stop.addEventListener('abort', interrupt, { once: true });
  if (stop.aborted) interrupt();
  try {
    const row = await sweep.run();
    spool.add('AgentSweepInfo', `${JSON.stringify(row)}\n`, { flagged: false });
    spool.flush();
    sweep.settle();
    return row;
  } finally {
    const complaint = state?.close();
    if (complaint !== undefined) log.warn('state', complaint);
    stop.removeEventListener('abort', interrupt);
  }
}
