import { ticksFromUnixMs } from '../parsers/record/datetime.ts';
import { type CompiledRule, rulesDigest } from '../parsers/rules/compiled-rule.ts';
import { type FileGrader, fileGrader } from '../parsers/rules/grade-file.ts';

export interface Flagging {
  /**
   * All records of one file, with the rules that match each, those whose tool the file claims to be, and how far the match
   * can be believed. What they had of it before is replaced.
   */
  readonly grade: FileGrader;
  /** SHA-256 over the rules and what they know of their tools. */
  readonly ruleDigest: string;
}

/** `rules` made ready for one sweep: `nowMs` is what `now()` means in all of them. */
export function flagging(rules: readonly CompiledRule[], nowMs: number): Flagging {
  return { grade: fileGrader(rules, ticksFromUnixMs(nowMs)), ruleDigest: rulesDigest(rules) };
}
