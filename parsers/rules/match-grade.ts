import type { FileCertificateRecord } from '../record/columns.ts';

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

/** One entry of the column LookAlikes: a rule whose tool the file claims to be, without matching the rule. */
export type LookAlike = {
  /** Id of the rule. */
  readonly rule: string;
  readonly grade: MatchGrade;
};

/** The grade of a record that a rule's predicate matches. Rules look at names alone: a tampered file matches too. */
export function signatureGrade({
  SignatureStatus,
}: Pick<FileCertificateRecord, 'SignatureStatus'>): MatchGrade {
  if (SignatureStatus === 'Trusted') return 'signature-trusted';
  return SignatureStatus === 'NotJudged' ? 'signature-unverified' : 'signature-untrusted';
}

/** The one of two grades that speaks more against legitimate use. */
export function worse(one: MatchGrade, other: MatchGrade): MatchGrade {
  return GRADES_WORST_FIRST.indexOf(one) <= GRADES_WORST_FIRST.indexOf(other) ? one : other;
}

/** null where there is none. */
export function worstGrade(lookAlikes: readonly LookAlike[]): MatchGrade | null {
  const [first, ...more] = lookAlikes;
  return first === undefined
    ? null
    : more.reduce((worst, { grade }) => worse(worst, grade), first.grade);
}

/**
 * No rule flags the record, but it claims to be the tool of one by more than a file name: such files are kept, sent and
 * shown like flagged ones, and counted apart.
 */
export function isLookAlike({ MatchGrade }: Partial<FileCertificateRecord>): boolean {
  return MatchGrade === 'signer-mismatch' || MatchGrade === 'version-info-only';
}

/** Ids of the rules that flag `record`; of a look-alike those whose tool it claims to be. For records that an agent has made. */
export function rulesOf({
  Rules,
  LookAlikes,
}: Partial<Pick<FileCertificateRecord, 'Rules' | 'LookAlikes'>>): readonly string[] {
  if (Array.isArray(Rules) && Rules.length > 0) return Rules as readonly string[];
  if (!Array.isArray(LookAlikes)) return [];
  return (LookAlikes as unknown as readonly LookAlike[]).map(({ rule }) => rule);
}
