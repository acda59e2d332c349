import { formatDatetime } from '../../parsers/record/datetime.ts';
import type { Approval, ApprovalText } from './approval.ts';

/** An approval as JSON has it, in the API and in the store: readApproval() takes it back. */
export function approvalJson(approval: ApprovalText) {
  const { id, tool, signers, thumbprints, paths, sha256, devices, processes } = approval;
  const { owner, reason, ticket, expires } = approval;
  return {
    ...{ id, tool, signers, thumbprints, paths, sha256, devices, processes },
    ...{ owner, reason, ticket, expires: formatDatetime(expires) },
  };
}

/** One version of an approval as people ask for it: what it says, its state at `now`, and who made it when. */
export function approvalRow(approval: Approval, now: bigint) {
  const { version, approvedAt, approvedBy, withdrawn } = approval;
  return {
    ...approvalJson(approval),
    state: approvalState(approval, now),
    version,
    approvedAt: formatDatetime(approvedAt),
    approvedBy,
    withdrawnAt: withdrawn ? formatDatetime(withdrawn.at) : null,
    withdrawnBy: withdrawn?.by ?? null,
  };
}

export const APPROVAL_STATES = ['active', 'expired', 'withdrawn'] as const;

export function approvalState(
  { withdrawn, expires }: Approval,
  now: bigint,
): (typeof APPROVAL_STATES)[number] {
  if (withdrawn) return 'withdrawn';
  return expires <= now ? 'expired' : 'active';
}
