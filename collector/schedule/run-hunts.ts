import { setImmediate } from 'node:timers/promises';
import { ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import type { Approval } from '../approvals/approval.ts';
import { judgeOf } from '../approvals/judge-of.ts';
import type { FindingRange, FindingRule } from '../findings/finding-rule.ts';
import type { CollectorLog } from '../log/collector-log.ts';
import type { QueryLimits, Store } from '../store/store.ts';
import type { FindingBook } from './finding-book.ts';
import { huntQuestions } from './hunt-questions.ts';
import { markAfterFailure, rangeToHunt } from './hunt-range.ts';
import type { Outbox } from './outbox.ts';
import { readNewFindings } from './read-new-findings.ts';
import type { RunBook, RunSummary } from './run-book.ts';

/** Of one rule's question: what it answers is held in memory. */
const HUNT_LIMITS: QueryLimits = { rows: 50_000, bytes: 32 * 1024 * 1024, milliseconds: 60_000 };

/** Findings that are written, or judged anew, before requests get their turn: some 10 ms. */
const AT_ONCE = 250;

export interface RunParts {
  readonly store: Pick<Store, 'run'>;
  readonly rules: readonly FindingRule[];
  readonly everyMs: number;
  /** Those in force now. */
  readonly approvals: () => readonly Approval[];
  readonly findings: FindingBook;
  readonly runs: RunBook;
  readonly outbox: Outbox;
  readonly log: CollectorLog;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/**
 * Runs every rule over what was received since it last ran, judges what it found and what was known, and makes the notices
 * that are owed. A rule that fails costs itself only. Undefined when `stopping` came first: what is not done is repeated.
 */
export async function runHunts(
  parts: RunParts,
  why: string,
  stopping: AbortSignal,
): Promise<RunSummary | undefined> {
  const { rules, runs, findings, outbox, clock } = parts;
  const started = clock();
  const judge = judgeOf(parts.approvals(), ticksFromUnixMs(started));
  let [found, fresh, unkept, failed] = [0, 0, 0, 0];
  const questions = huntQuestions(rules);
  runs.keepOnly(questions.map(({ id }) => id));
  for (const rule of questions) {
    const mark = runs.markOf(rule.id);
    const { from, to } = rangeToHunt(mark, started, parts.everyMs);
    const run = { now: ticksFromUnixMs(started), limits: HUNT_LIMITS, signal: stopping };
    try {
      const read = (range: FindingRange) => rule.read({ store: parts.store, run }, range);
      let problem: string | null = null;
      for await (const { findings: seen, from: since, skipped } of readNewFindings(
        read,
        from,
        to,
      )) {
        if (skipped !== undefined) {
          problem = `what was received at ${new Date(since).toISOString()} was not looked at: ${skipped}`;
          parts.log.error('hunt', `rule ${rule.name}: ${problem}`, { rule: rule.id });
        }
        found += seen.length;
        for (let at = 0; at < seen.length; at += AT_ONCE) {
          const kept = findings.keep(seen.slice(at, at + AT_ONCE), judge, started);
          fresh += kept.fresh;
          unkept += kept.unkept;
          await setImmediate();
          if (stopping.aborted) return undefined;
        }
      }
      if (stopping.aborted) return undefined;
      runs.looked(rule, to, problem);
    } catch (error) {
      if (stopping.aborted) return undefined;
      failed += 1;
      const reason = error instanceof Error ? error.message : String(error);
      runs.failed(rule, reason, markAfterFailure(mark, started, parts.everyMs));
      parts.log.error(
        'hunt',
        `rule ${rule.name} failed, and is repeated at the next run: ${reason}`,
        {
          rule: rule.id,
        },
      );
    }
  }
  let after: string | undefined = '';
  while (after !== undefined) {
    after = findings.judgeAgain(judge, started, after, AT_ONCE);
    await setImmediate();
    if (stopping.aborted) return undefined;
  }
  findings.forget(started);
  const { made, left } = outbox.fill(started);
  const summary = {
    ...{ why, started, ended: clock(), rules: rules.length, failed },
    ...{ found, fresh, notices: made, unkept },
  };
  runs.ended(summary);
  tell(parts.log, summary, left);
  return summary;
}

function tell(log: CollectorLog, summary: RunSummary, left: number): void {
  const { rules, found, fresh, notices, unkept, started, ended } = summary;
  const message = `ran ${rules} rules in ${ended - started} ms: ${found} findings, ${fresh} of them new, ${notices} notices`;
  log.info('hunt', message, { ...summary });
  if (left > 0)
    log.warn('hunt', `${left} findings wait for their notice: a run makes so many only`, { left });
  if (unkept > 0)
    log.warn('hunt', `${unkept} findings were not kept: their devices have too many of them`, {
      unkept,
    });
}
