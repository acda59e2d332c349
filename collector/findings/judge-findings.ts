import { GRADES_WORST_FIRST, type MatchGrade } from '../../parsers/rules/match-grade.ts';
import type { Approval } from '../approvals/approval.ts';
import { judgeApproval } from '../approvals/judge-approval.ts';
import type { Judgement } from '../approvals/judgement.ts';
import type { Finding } from './finding.ts';

/** A finding, and whether somebody answers for it. */
export interface JudgedFinding extends Finding {
  readonly judgement: Judgement;
}

export function judgeFindings(
  findings: readonly Finding[],
  approvals: readonly Approval[],
  now: bigint,
): readonly JudgedFinding[] {
  return findings.map((finding) => ({
    ...finding,
    judgement: judgeApproval(finding, approvals, now),
  }));
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
