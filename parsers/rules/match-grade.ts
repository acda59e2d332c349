/** How far a match can be believed, and what it speaks for. Stable: records, queries and approvals depend on these names. */
export type MatchGrade =
  | 'signature-trusted'
  | 'signature-untrusted'
  | 'signature-unverified'
  | 'signer-mismatch'
  | 'version-info-only'
  | 'name-only';

/** What speaks most against legitimate use comes first: of several grades of a file, the first of these counts. */
export const GRADES_WORST_FIRST: readonly MatchGrade[] = [
  'signature-untrusted',
  'signer-mismatch',
  'version-info-only',
  'name-only',
  'signature-unverified',
  'signature-trusted',
];

/** One entry of the column LookAlikes: a rule that the file claims to be for, without matching it. */
export interface LookAlike {
  /** Id of the rule. */
  readonly rule: string;
  readonly grade: MatchGrade;
}
