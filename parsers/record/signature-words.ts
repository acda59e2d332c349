import type { SignatureStatus } from '../authenticode/signature-report.ts';

/** Short words for people; records carry the SignatureStatus itself. */
export const statusWords: Readonly<Record<SignatureStatus, string>> = {
  Trusted: 'trusted',
  NotTrusted: 'not trusted',
  HashMismatch: 'bad digest',
  BadSignature: 'bad signature',
  NotJudged: 'not judged',
  Malformed: 'malformed',
  NotSigned: 'unsigned',
  CatalogNotSearched: 'unsigned',
};

/** How far the match can be believed. Rules look at names, and anybody can write a name into a certificate of his own. */
export function gradeWords(grade: string | null): string {
  switch (grade) {
    case 'signature-trusted':
      return 'The signature is sound and trusted: the named vendor signed this file.';
    case 'signature-unverified':
      return 'The signature is sound, but no code-signing roots were at hand to say whether the signer is who it claims to be.';
    case 'signature-untrusted':
      return 'The name of the vendor is there, but the signature is broken or not trusted: anybody can write a name. See the findings.';
    default:
      return `Match: ${grade ?? 'not graded'}.`;
  }
}
