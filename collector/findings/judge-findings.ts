import { setImmediate } from 'node:timers/promises';
import { GRADES_WORST_FIRST, type MatchGrade } from '../../parsers/rules/match-grade.ts';
import type { Approval } from '../approvals/approval.ts';
import { judgeOf } from '../approvals/judge-of.ts';
import type { Judgement } from '../approvals/judgement.ts';
import type { Finding } from './finding.ts';

/** Findings that are judged before requests get their turn. */
const AT_ONCE = 100;

/** A finding, and whether somebody answers for it. */
export interface JudgedFinding extends Finding {
  readonly judgement: Judgement;
}

/** Judges in turns with what else the process does: a reader may ask for a fleet's findings. */
export async function judgeFindings(
  findings: readonly Finding[],
  approvals: readonly Approval[],
  now: bigint,
): Promise<readonly JudgedFinding[]> {
  const judge = judgeOf(approvals, now);
  const judged: JudgedFinding[] = [];
  for (const [index, finding] of findings.entries()) {
    if (index % AT_ONCE === 0) await setImmediate();
    judged.push({ ...finding, judgement: judge(finding) });
  }
  return judged;
}

/** Whether a rule's predicate matched; else the file only claims to be the tool. */
export function isFlagged({ grade }: Finding): boolean {
  return grade.startsWith('signature-');
}

/** The grade that speaks most against legitimate use; undefined of no findings. */
export function worstGrade(findings: readonly Finding[]): MatchGrade | undefined {
  const grades = new Set(findings.map(({ grade }) => grade));
  return GRADES_WORST_FIRST.find((grade) => grades.has(grade));
}
