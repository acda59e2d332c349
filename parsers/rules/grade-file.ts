import type { FileCertificateRecord } from '../record/columns.ts';
import { type Claim, ClaimIndex, foldName } from './claim-index.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { flagger } from './flagger.ts';
import {
  type LookAlike,
  type MatchGrade,
  signatureGrade,
  worse,
  worstGrade,
} from './match-grade.ts';
import type { ToolFacts } from './tool-facts.ts';

/** The records of one file with Rules, LookAlikes and MatchGrade set anew, whatever they were. */
export type FileGrader = (records: readonly FileCertificateRecord[]) => FileCertificateRecord[];

/**
 * Prepares `rules` for many files. `now` is in ticks and the same for a whole sweep.
 *
 * A rule flags a record where its predicate matches. A file of which no record matches a rule, but which claims to be its
 * tool, is a look-alike; every record of the file says so.
 */
export function fileGrader(rules: readonly CompiledRule[], now: bigint): FileGrader {
  const flag = flagger(rules, now);
  const index = new ClaimIndex(rules);
  return (records) => {
    const matched = records.map(flag);
    const [first] = records;
    const claims = first && index.claimsOf(first);
    const lookAlikes = claims ? lookAlikesOf(records, claims, rules, new Set(matched.flat())) : [];
    const without = worstGrade(lookAlikes);
    return records.map((record, place) => {
      const Rules = matched[place] ?? [];
      if (Rules.length + lookAlikes.length === 0 && isBare(record)) return record;
      const MatchGrade = Rules.length > 0 ? signatureGrade(record) : without;
      return { ...record, Rules, LookAlikes: lookAlikes, MatchGrade };
    });
  };
}

/** As a record is made. A copy of it costs more than all the rules together. */
function isBare({ Rules, LookAlikes, MatchGrade }: FileCertificateRecord): boolean {
  return MatchGrade === null && isEmpty(Rules) && isEmpty(LookAlikes);
}

function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0;
}

function lookAlikesOf(
  records: readonly FileCertificateRecord[],
  claims: ReadonlyMap<number, Claim>,
  rules: readonly CompiledRule[],
  matched: ReadonlySet<string>,
): LookAlike[] {
  const found = new Map<string, MatchGrade>();
  for (const [place, claim] of [...claims].sort(([one], [other]) => one - other)) {
    const rule = rules[place];
    if (rule?.facts === undefined || matched.has(rule.id)) continue;
    const grade = gradeOf(records, claim, rule.facts);
    const known = found.get(rule.id); // rules of one id are one rule
    if (grade !== undefined) found.set(rule.id, known ? worse(known, grade) : grade);
  }
  return [...found].map(([rule, grade]) => ({ rule, grade }));
}

/** undefined where the signature explains the claim. */
function gradeOf(
  records: readonly FileCertificateRecord[],
  claim: Claim,
  facts: ToolFacts,
): MatchGrade | undefined {
  const signed = records.filter(({ IsSigned, Signer }) => IsSigned && Signer);
  if (signed.some((record) => isVendor(record, facts))) return undefined;
  if (signed.some(isVouchedByMicrosoft)) return claim === 'vendor' ? 'name-only' : undefined;
  if (claim === 'name') return 'name-only';
  return signed.length > 0 ? 'signer-mismatch' : 'version-info-only';
}

/**
 * Signed by who makes the tool, though the rule's query leaves it out: its author will have meant that. Where the signature
 * is broken or not trusted, the name in it proves nothing.
 */
function isVendor(record: FileCertificateRecord, { signers, thumbprints }: ToolFacts): boolean {
  if (signatureGrade(record) === 'signature-untrusted') return false;
  if (thumbprints.includes(record.SignerHash ?? '')) return true;
  const signer = foldName(record.Signer ?? '');
  return signers.some((name) => foldName(name) === signer);
}

/**
 * Microsoft's own signature: on its own files, and on drivers of others that passed its tests (Signer is then "Microsoft
 * Windows Hardware Compatibility Publisher"). Neither is a copy that somebody has re-signed. Its root alone does not say
 * so: anybody can rent a certificate below it (Trusted Signing), but none in Microsoft's name.
 */
function isVouchedByMicrosoft(record: FileCertificateRecord): boolean {
  const { IsTrusted, IsRootSignerMicrosoft, Signer } = record;
  return IsTrusted === true && IsRootSignerMicrosoft === true && !!Signer?.startsWith('Microsoft ');
}
