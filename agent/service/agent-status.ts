import type { SpoolStatus } from '../ship/spool-status.ts';
import { lastStartMs, type SweepHistory } from './sweep-history.ts';

/** What `status` looks at. */
export interface StatusFacts {
  readonly nowMs: number;
  /** Whether the files of an installation are there; undefined where another state folder was asked for. */
  readonly installed: boolean | undefined;
  readonly state: string;
  readonly history: SweepHistory;
  /** undefined where there is no spool. */
  readonly spool: SpoolStatus | undefined;
  /** Of the configuration; undefined where none can be read. */
  readonly everyMs: number | undefined;
  /** When the next sweep is due, as whoever starts it says. */
  readonly next: string | undefined;
}

/** What `status --format json` prints. */
export interface AgentStatus {
  readonly installed: boolean | null;
  readonly state: string;
  /** The last sweep that ran to its end. Counts are records, as in the sweep row. */
  readonly lastSweep: {
    readonly start: string | null;
    readonly end: string | null;
    readonly complete: boolean | null;
    readonly files: number | null;
    readonly flagged: number | null;
  } | null;
  /** The last one that began: complete, incomplete, interrupted, failed, or unfinished: it runs, or was killed. */
  readonly lastAttempt: {
    readonly start: string;
    readonly outcome: string;
    readonly problem: string | null;
  } | null;
  readonly unsent: {
    readonly batches: number;
    readonly rows: number;
    readonly oldest: string | null;
    readonly refusedBatches: number;
  } | null;
  readonly next: string | null;
  /** What a person should look at, a sentence each. */
  readonly problems: readonly string[];
}

export function agentStatus(facts: StatusFacts): AgentStatus {
  const { history, spool } = facts;
  const { last, attempt } = history;
  return {
    installed: facts.installed ?? null,
    state: facts.state,
    lastSweep:
      last === undefined
        ? null
        : {
            start: last.StartTime,
            end: last.EndTime,
            complete: last.Complete,
            files: last.Files,
            flagged: last.Flagged,
          },
    lastAttempt:
      attempt === undefined
        ? null
        : {
            start: new Date(attempt.startMs).toISOString(),
            outcome: attempt.outcome ?? 'unfinished',
            problem: attempt.problem ?? null,
          },
    unsent:
      spool === undefined
        ? null
        : {
            batches: spool.batches,
            rows: spool.rows,
            oldest: spool.oldestMs === null ? null : new Date(spool.oldestMs).toISOString(),
            refusedBatches: spool.refusedBatches,
          },
    next: facts.next ?? null,
    problems: problemsOf(facts),
  };
}

function problemsOf({ nowMs, installed, history, spool, everyMs }: StatusFacts): string[] {
  const problems: string[] = [];
  if (installed === false) problems.push('it is not installed');
  if (history.attempt?.outcome === 'failed')
    problems.push(`the last sweep failed: ${history.attempt.problem ?? 'no reason is known'}`);
  const start = lastStartMs(history);
  if (start !== undefined && everyMs !== undefined && nowMs - start > 2 * everyMs)
    problems.push('a sweep is overdue');
  const oldest = spool?.oldestMs ?? undefined;
  if (oldest !== undefined && everyMs !== undefined && nowMs - oldest > everyMs)
    problems.push('records have waited for the collector longer than from one sweep to the next');
  if (spool !== undefined && spool.refusedBatches > 0)
    problems.push(
      `the collector refused ${spool.refusedBatches} batches: see \`certsweep ship --list\``,
    );
  return problems;
}

/** The same for a person. */
export function statusText(status: AgentStatus): string {
  const { lastSweep, lastAttempt, unsent } = status;
  const lines: [string, string][] = [];
  if (status.installed !== null) lines.push(['installed', status.installed ? 'yes' : 'no']);
  lines.push(['state', status.state]);
  lines.push([
    'last sweep',
    lastSweep === null
      ? 'none has run to its end yet'
      : `${lastSweep.end}, ${lastSweep.complete ? 'complete' : 'NOT COMPLETE'}: ${lastSweep.files} files, ${lastSweep.flagged} flagged records`,
  ]);
  if (lastAttempt !== null && !/^(in)?complete$/.test(lastAttempt.outcome))
    lines.push(['last start', `${lastAttempt.start}, ${lastAttempt.outcome}`]);
  lines.push(['next sweep', status.next ?? 'not known']);
  lines.push([
    'unsent',
    unsent === null || unsent.batches === 0
      ? 'nothing'
      : `${unsent.rows} rows in ${unsent.batches} batches, the oldest of ${unsent.oldest}`,
  ]);
  for (const problem of status.problems) lines.push(['PROBLEM', problem]);
  return lines.map(([name, value]) => `${name.padEnd(10)}  ${value}\n`).join('');
}
