import { foldCase } from '../../parsers/kql/fold-case.ts';
import type { Finding } from '../findings/finding.ts';
import type { Approval } from './approval.ts';
import { judgeApproval } from './judge-approval.ts';
import type { Judgement } from './judgement.ts';

/**
 * A judge of many findings by one set of approvals at `now` (ticks). Each finding is held against the approvals that name its
 * tool or its rule, so that a fleet's findings do not cost all approvals each.
 */
export function judgeOf(
  approvals: readonly Approval[],
  now: bigint,
): (finding: Finding) => Judgement {
  const byTool = new Map<string, Approval[]>();
  for (const approval of approvals) {
    const tool = comparable(approval.tool);
    const same = byTool.get(tool);
    if (same) same.push(approval);
    else byTool.set(tool, [approval]);
  }
  return (finding) => {
    const names = new Set([finding.tool, finding.rule, finding.ruleName].map(comparable));
    const candidates = [...names].flatMap((name) => byTool.get(name) ?? []);
    return judgeApproval(finding, candidates, now);
  };
}

function comparable(name: string): string {
  return foldCase(name.trim());
}
