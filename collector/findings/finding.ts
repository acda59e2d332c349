import type { MatchGrade } from '../../parsers/rules/match-grade.ts';

/** A process that ran from a file, as the agent's live context tells it; null where it could not see. */
export interface FindingProcess {
  readonly name: string | null;
  readonly parentName: string | null;
}

/**
 * One file on one device that a rule speaks of: flagged where the grade is a `signature-*`, a look-alike otherwise.
 * All that is known of it comes from the device, and whoever controls the device writes it.
 */
export interface Finding {
  readonly deviceId: string;
  readonly deviceName: string;
  /** '' where the device has none. */
  readonly machineGroup: string;
  /** Id of the rule. */
  readonly rule: string;
  readonly ruleName: string;
  /** What the rule's facts call the tool, else the rule's name. */
  readonly tool: string;
  readonly path: string;
  /** Hex in lower case; '' where not told, as in imports with Microsoft's 18 columns. */
  readonly sha1: string;
  readonly sha256: string;
  readonly grade: MatchGrade;
  /** '' of an unsigned file. */
  readonly signer: string;
  /** SHA-1 thumbprint of the signing certificate, lower-case hex. */
  readonly signerHash: string;
  /** Smallest and largest Timestamp in the range, and the largest ReceivedTime: 100 ns ticks. */
  readonly firstSeen: bigint;
  readonly lastSeen: bigint;
  readonly lastReceived: bigint;
  /** Every different process that was seen in the range; null where no record had live context. */
  readonly processes: readonly FindingProcess[] | null;
}

/** What makes two findings one, however often a sweep reports it. */
export function findingKey({ deviceId, rule, path, sha1, sha256, grade }: Finding): string {
  return JSON.stringify([deviceId, rule, path, sha256 || sha1, grade]);
}
