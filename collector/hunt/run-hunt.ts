import type { QueryResult } from '../../parsers/kql/plan.ts';
import type { Approval } from '../approvals/approval.ts';
import { isFlagged, type JudgedFinding, judgeFindings } from '../findings/judge-findings.ts';
import { readFindings } from '../findings/read-findings.ts';
import { addApprovals } from './add-approvals.ts';
import type { Asked } from './ask.ts';
import { addEverFirstSeen, type EverSeen, readEverSeen } from './ever-seen.ts';
import { type HuntRule, toolOf } from './find-rule.ts';
import type { WindowedPlan } from './hunt-window.ts';

/** What a hunt finds, for the command line and the API. */
export interface Hunted {
  /** The rule's own answer, as a plain query gives it. */
  readonly answer: QueryResult;
  /** The same with EverFirstSeen and the columns about approvals after its own. */
  readonly result: QueryResult;
  /** The files behind it that the rule flags. */
  readonly flagged: readonly JudgedFinding[];
  /** Files that claim to be the tool: no row of the answer is about them. */
  readonly lookAlikes: readonly JudgedFinding[];
  readonly seen: ReadonlyMap<string, EverSeen>;
}

/** Runs a rule in a window, and judges the files behind its answer by `approvals` at the hunt's now(). */
export async function runHunt(
  asked: Asked,
  rule: HuntRule,
  { plan, window }: WindowedPlan,
  approvals: readonly Approval[],
): Promise<Hunted> {
  const answer = await asked.store.run(plan, asked.run);
  const { id, name } = rule;
  const found = await readFindings(
    asked,
    { id, name, tool: toolOf(rule), plan },
    { ...window, by: 'Timestamp' },
  );
  const judged = await judgeFindings(found, approvals, asked.run.now);
  const seen = await readEverSeen(asked, id);
  return {
    answer,
    result: addApprovals(addEverFirstSeen(answer, seen), judged),
    flagged: judged.filter(isFlagged),
    lookAlikes: judged.filter((finding) => !isFlagged(finding)),
    seen,
  };
}
