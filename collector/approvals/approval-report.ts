import type { Finding } from '../findings/finding.ts';
import type { Approval } from './approval.ts';
import { judgeApproval } from './judge-approval.ts';

export const REPORT_STATES = ['expired', 'expiring', 'unused', 'without a rule'] as const;

/** One thing about an approval that its owner should look at. An approval can be in several lines. */
export interface ReportLine {
  readonly approval: Approval;
  readonly what: (typeof REPORT_STATES)[number];
}

export interface ReportRange {
  /** Ticks. An approval that ends before `soon` expires soon. */
  readonly now: bigint;
  readonly soon: bigint;
}

/**
 * What of the approvals in force needs care. `findings` are those of the last days, by rule; an approval of which no rule that
 * was looked with is about the tool can approve nothing at all.
 */
export function reportOn(
  approvals: readonly Approval[],
  findings: readonly Finding[],
  hasRule: (approval: Approval) => boolean,
  { now, soon }: ReportRange,
): readonly ReportLine[] {
  const lines: ReportLine[] = [];
  for (const approval of approvals) {
    if (approval.withdrawn) continue;
    const tell = (what: ReportLine['what']) => lines.push({ approval, what });
    if (approval.expires <= now) {
      tell('expired');
      continue;
    }
    if (approval.expires <= soon) tell('expiring');
    if (!hasRule(approval)) tell('without a rule');
    else if (!findings.some((each) => isUsed(approval, each, now))) tell('unused');
  }
  return lines;
}

/** By itself: that another approves the same file does not make it unused. */
function isUsed(approval: Approval, finding: Finding, now: bigint): boolean {
  return judgeApproval(finding, [approval], now).state === 'approved';
}
