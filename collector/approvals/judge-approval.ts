import type { Finding } from '../findings/finding.ts';
import type { Approval } from './approval.ts';
import { type Failure, isFor, lapse, unmet } from './conditions.ts';
import type { Judgement } from './judgement.ts';

/**
 * Whether one of `approvals` makes a finding legitimate use at `now` (100 ns ticks): all its conditions hold, and the file's
 * signature is sound and trusted. Else the approval that comes nearest says why not.
 *
 * Pure: the same findings, approvals and time give the same answer. Source: DESIGN section 7.
 */
export function judgeApproval(
  finding: Finding,
  approvals: readonly Approval[],
  now: bigint,
): Judgement {
  const grade = gradeFailure(finding);
  let closest: Attempt | undefined;
  for (const approval of approvals) {
    if (!isFor(approval, finding)) continue;
    const failures = [grade, lapse(approval, now), ...unmet(approval, finding)].filter(
      (failure) => failure !== undefined,
    );
    if (failures.length === 0) return approved(approval);
    const attempt = { approval, failures };
    if (!closest || isNearer(attempt, closest)) closest = attempt;
  }
  if (closest) return unapproved(closest.approval.id, closest.failures);
  const none: Failure = { refusal: 'no-approval', words: `no approval is for ${finding.tool}` };
  return {
    state: 'unapproved',
    approvalId: null,
    closest: null,
    refusals: [none, grade].filter((each) => each !== undefined).map(({ refusal }) => refusal),
    words: grade ? `${none.words}, and none could be: it ${grade.words}` : none.words,
  };
}

interface Attempt {
  readonly approval: Approval;
  readonly failures: readonly Failure[];
}

/** Fewer failures are nearer; then one for the device itself; then the one of which more conditions hold. */
function isNearer(one: Attempt, other: Attempt): boolean {
  const [left, right] = [distance(one), distance(other)];
  const differs = left.findIndex((value, index) => value !== right[index]);
  return differs >= 0 && (left[differs] ?? 0) < (right[differs] ?? 0);
}

function distance({ approval, failures }: Attempt): readonly number[] {
  const { signers, thumbprints, paths, sha256, processes } = approval;
  const conditions = [signers, thumbprints, paths, sha256, processes];
  return [
    failures.length,
    failures.some(({ refusal }) => refusal === 'other-device') ? 1 : 0,
    -conditions.filter((each) => each.length > 0).length,
  ];
}

function approved({ id, owner, ticket }: Approval): Judgement {
  const words = `approval ${id} of ${owner}, ticket ${ticket}`;
  return { state: 'approved', approvalId: id, closest: null, refusals: [], words };
}

function unapproved(id: string, failures: readonly Failure[]): Judgement {
  return {
    state: 'unapproved',
    approvalId: null,
    closest: id,
    refusals: failures.map(({ refusal }) => refusal),
    words: `approval ${id} ${failures.map(({ words }) => words).join('; it ')}`,
  };
}

/** No approval holds for a file of which nobody vouches who signed it. */
function gradeFailure({ grade }: Finding): Failure | undefined {
  switch (grade) {
    case 'signature-trusted':
      return undefined;
    case 'signature-untrusted':
      return {
        refusal: grade,
        words: 'holds for no file whose signature is broken or not trusted',
      };
    case 'signature-unverified':
      return { refusal: grade, words: 'holds for no file whose signature nobody has verified' };
    default:
      return {
        refusal: 'look-alike',
        words: 'holds for no file that the vendor has not signed, whatever it calls itself',
      };
  }
}
