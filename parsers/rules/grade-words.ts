import type { MatchGrade } from './match-grade.ts';

/** What each grade says of a file, in a sentence or two: the one place for them. */
const sentences: Readonly<Record<MatchGrade, string>> = {
  'signature-trusted': 'The signature is sound and trusted: the named vendor signed this file.',
  'signature-unverified':
    'The signature is sound, but no code-signing roots were at hand to say whether the signer is who it claims to be.',
  'signature-untrusted':
    'The name of the vendor is there, but the signature is broken or not trusted: anybody can write a name. See the findings.',
  'signer-mismatch':
    'The version information names the tool, but somebody else has signed the file: re-signed, rebuilt, or part of another product.',
  'version-info-only':
    'The version information names the tool, but no signature that could be read says whose file it is: an unsigned build, or a copy whose signature was removed or broken.',
  'name-only': 'Only the name of the file is that of the tool: that may be chance.',
};

/** Added where nobody has looked: Windows may know a signer after all. */
const CATALOGS = 'Catalogs, which may sign it, were not searched.';

/** `status` is the record's SignatureStatus. An unknown grade, from a newer agent, is named. */
export function gradeWords(grade: string | null, status: string | null = null): string {
  if (grade === null || !Object.hasOwn(sentences, grade)) return `Match: ${grade ?? 'not graded'}.`;
  const sentence = sentences[grade as MatchGrade];
  const isOpen = grade === 'version-info-only' && status === 'CatalogNotSearched';
  return isOpen ? `${sentence} ${CATALOGS}` : sentence;
}

/** The grade by its name, and what it says. */
export function matchWords(grade: string, status: string | null = null): string {
  return `${grade}: ${gradeWords(grade, status)}`;
}
