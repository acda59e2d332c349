import type { SignatureStatus } from '../parsers/authenticode/signature-report.ts';
import type { FileCertificateRecord } from '../parsers/record/columns.ts';
import { ticksFromUnixMs } from '../parsers/record/datetime.ts';
import { flagger } from '../parsers/rules/built-in-rules.ts';
import { type CompiledRule, rulesDigest } from '../parsers/rules/compiled-rule.ts';

export interface Flagging {
  /** `record` with the rules that match it and how far the match can be believed. */
  flag(record: FileCertificateRecord): FileCertificateRecord;
  /** The same for one that other rules may have flagged. */
  reflag(record: FileCertificateRecord): FileCertificateRecord;
  /** SHA-256 over the rules. */
  readonly ruleDigest: string;
}

/** Rules, made ready for one sweep: `nowMs` is what `now()` means in all of them. */
export function flagging(rules: readonly CompiledRule[], nowMs: number): Flagging {
  const matching = flagger(rules, ticksFromUnixMs(nowMs));
  const flag = (record: FileCertificateRecord): FileCertificateRecord => {
    const ids = matching(record);
    return ids.length === 0 ? record : { ...record, Rules: ids, MatchGrade: matchGrade(record) };
  };
  return {
    flag,
    reflag: (record) => flag({ ...record, Rules: [], MatchGrade: null }),
    ruleDigest: rulesDigest(rules),
  };
}

/** A rule looks at names alone: a tampered file flags too, and says so here. */
function matchGrade({ SignatureStatus }: FileCertificateRecord): string {
  const status = SignatureStatus as SignatureStatus;
  if (status === 'Trusted') return 'signature-trusted';
  return status === 'NotJudged' ? 'signature-unverified' : 'signature-untrusted';
}
