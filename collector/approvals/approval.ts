/** Where an approval holds: a device that any of these names. At least one is there. */
export interface DeviceScope {
  /** DeviceIds: 40 lower-case hex digits. The collector holds a device to its id by its token. */
  readonly ids: readonly string[];
  /** Globs over DeviceName with `*` and `?`, case-insensitive. A device says its name itself. */
  readonly names: readonly string[];
  /** MachineGroup, case-insensitive. A device says its group itself. */
  readonly groups: readonly string[];
}

/** A process that may run the file. What is absent may be anything, what is there must be known and equal. */
export interface ProcessCondition {
  readonly name?: string;
  readonly parent?: string;
}

/** What a person writes: which use of a tool is legitimate. Every condition that is there must hold. */
export interface ApprovalText {
  /** a-z 0-9 . _ -, at most 64. */
  readonly id: string;
  /** The tool as a rule's facts call it, or the id or name of a rule. */
  readonly tool: string;
  /** Exact names of signers, any of them. */
  readonly signers: readonly string[];
  /** SHA-1 thumbprints of signing certificates, lower-case hex, any of them. */
  readonly thumbprints: readonly string[];
  /** Globs over whole paths, any of them. */
  readonly paths: readonly string[];
  /** Lower-case hex, any of them. */
  readonly sha256: readonly string[];
  readonly devices: DeviceScope;
  /** Each process that was seen must fit one of them; empty where processes do not matter. */
  readonly processes: readonly ProcessCondition[];
  readonly owner: string;
  readonly reason: string;
  readonly ticket: string;
  /** The approval ends at this instant: 100 ns ticks. */
  readonly expires: bigint;
}

/** An approval in force, or one that was withdrawn, as the store has it. */
export interface Approval extends ApprovalText {
  /** 1 is the first; each edit makes the next. */
  readonly version: number;
  /** When this version was approved, 100 ns ticks, and by whom. */
  readonly approvedAt: bigint;
  readonly approvedBy: string;
  /** Absent while it is in force. */
  readonly withdrawn?: { readonly at: bigint; readonly by: string };
}

const TICKS_A_DAY = 864_000_000_000n;

/** Longest life of an approval, counted from when it was approved. Source: DESIGN section 7. */
export const MOST_DAYS = 365;

/** The last instant at which an approval of `approvedAt` may end: ticks. */
export function latestExpiry(approvedAt: bigint): bigint {
  return approvedAt + BigInt(MOST_DAYS) * TICKS_A_DAY;
}
