/** Why a finding is not approved. Stable: hunts, notifications and tests depend on these names. */
export type Refusal =
  | 'no-approval'
  | 'signature-untrusted'
  | 'signature-unverified'
  | 'look-alike'
  | 'withdrawn'
  | 'expired'
  | 'other-device'
  | 'other-signer'
  | 'other-path'
  | 'user-writable-path'
  | 'other-hash'
  | 'process-unknown'
  | 'other-process';

/** Whether one finding is legitimate use, and why. */
export interface Judgement {
  readonly state: 'approved' | 'unapproved';
  /** The approval that holds; null where none does. */
  readonly approvalId: string | null;
  /** Of those for the tool that do not hold, the one that comes nearest; null where there is none, or one holds. */
  readonly closest: string | null;
  /** What the closest one lacks, the weightiest first; empty where an approval holds. */
  readonly refusals: readonly Refusal[];
  /** All of it as a sentence. It quotes what devices and people wrote: make it printable before a terminal shows it. */
  readonly words: string;
}
