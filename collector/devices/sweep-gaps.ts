import { parseDynamic } from '../../parsers/kql/dynamic-json.ts';

/** Characters of Skipped's JSON that are read: some twenty reasons are known. */
export const MOST_SKIPPED = 2_000;

/** Reasons that are named; the rest are counted. */
const MOST_REASONS = 6;

/** What a sweep row says of itself. */
export interface SweepTold {
  readonly complete: boolean;
  readonly interrupted: boolean;
  /** JSON text: reason to number of paths, cut after MOST_SKIPPED characters. */
  readonly skipped: string;
  readonly spoolDropped: bigint;
}

/**
 * What a sweep could not see or send, each in words; empty where it has all. Skipped is told of incomplete sweeps only: a
 * complete one has left out nothing but what it was told to.
 */
export function sweepGaps(told: SweepTold): readonly string[] {
  const { complete, interrupted, skipped, spoolDropped } = told;
  const gaps: string[] = [];
  if (interrupted) gaps.push('it was stopped before it had looked everywhere');
  if (!complete) gaps.push(...skippedWords(skipped));
  if (gaps.length === 0 && !complete) gaps.push('it does not say why it is not complete');
  if (spoolDropped > 0n)
    gaps.push(`${spoolDropped} records were dropped unsent, because its spool was full`);
  return gaps;
}

/** The JSON is the sender's: what is no number is not a count. */
function skippedWords(json: string): string[] {
  if (json.length >= MOST_SKIPPED) return ['paths were left out, for too many reasons to list'];
  const counts = Object.entries((parseDynamic(json) ?? {}) as Record<string, unknown>)
    .filter((entry): entry is [string, number] => Number.isSafeInteger(entry[1]) && entry[1] !== 0)
    .sort(([, one], [, other]) => other - one);
  if (counts.length === 0) return [];
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const some = counts.slice(0, MOST_REASONS).map(([reason, count]) => `${reason} ${count}`);
  const more = counts.length - some.length;
  const reasons = `${some.join(', ')}${more > 0 ? ` and ${more} more reasons` : ''}`;
  return [`${total} ${total === 1 ? 'path' : 'paths'} left out: ${reasons}`];
}
