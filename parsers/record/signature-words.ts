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
