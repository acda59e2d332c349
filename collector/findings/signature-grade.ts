import type { CellValue } from '../../parsers/kql/plan.ts';
import type { MatchGrade } from '../../parsers/rules/match-grade.ts';

/** How each status of a signature grades a match; a record of Microsoft's 18 columns has none. */
const GRADES: Readonly<Record<string, MatchGrade>> = {
  Trusted: 'signature-trusted',
  NotTrusted: 'signature-untrusted',
  HashMismatch: 'signature-untrusted',
  BadSignature: 'signature-untrusted',
  Malformed: 'signature-untrusted',
  NotJudged: 'signature-unverified',
};

/**
 * The grade of a record that a rule's predicate matched, by what its own columns say: the collector does not take MatchGrade
 * as sent, which rows of other sources lack. Where IsTrusted and SignatureStatus disagree, nothing is believed.
 */
export function signatureGrade(isTrusted: CellValue, status: CellValue): MatchGrade {
  const told = typeof status === 'string' && Object.hasOwn(GRADES, status) && GRADES[status];
  const judged =
    isTrusted === null
      ? 'signature-unverified'
      : isTrusted === true
        ? 'signature-trusted'
        : 'signature-untrusted';
  if (!told) return status === '' || status === null ? judged : 'signature-unverified';
  return told === judged ? told : 'signature-untrusted';
}
