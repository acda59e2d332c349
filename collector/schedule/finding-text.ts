import { createHash } from 'node:crypto';
import { type Finding, findingKey } from '../findings/finding.ts';

/** SHA-256 of what makes two findings one, in hex: devices write long paths. */
export function keyOf(finding: Finding): string {
  return createHash('sha256').update(findingKey(finding)).digest('hex');
}

const TIMES = ['firstSeen', 'lastSeen', 'lastReceived'] as const;

/** A finding as JSON: ticks pass 2^53, and stand as text. */
export function findingToText(finding: Finding): string {
  const times = Object.fromEntries(TIMES.map((name) => [name, String(finding[name])]));
  return JSON.stringify({ ...finding, ...times });
}

/** What findingToText() wrote. */
export function findingFromText(text: string): Finding {
  const stored = JSON.parse(text) as Omit<Finding, (typeof TIMES)[number]> &
    Record<(typeof TIMES)[number], string>;
  const { firstSeen, lastSeen, lastReceived } = stored;
  return {
    ...stored,
    ...{ firstSeen: BigInt(firstSeen), lastSeen: BigInt(lastSeen) },
    lastReceived: BigInt(lastReceived),
  };
}
