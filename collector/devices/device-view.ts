import type { CloneEvidence } from './clone-evidence.ts';

/** What a device's last sweep row says. Times are 100 ns ticks; `start` and `end` by the device's clock. */
export interface LastSweep {
  readonly scanId: string;
  readonly start: bigint | null;
  readonly end: bigint | null;
  readonly received: bigint;
  readonly complete: boolean;
  /** In words, what it could not see or send; empty where it has all. */
  readonly gaps: readonly string[];
  readonly agentVersion: string;
  readonly ruleDigest: string;
  readonly rootDigest: string;
  readonly trustSource: string;
  /** Records that a rule matched in this sweep; null where it does not say. */
  readonly flagged: bigint | null;
}

/** Something that a device has of its own, where most of the fleet has another. */
export type StaleThing = 'rules' | 'roots' | 'agent';

/** One device as the collector knows it. */
export interface DeviceView {
  readonly id: string;
  /** Of its last sweep, else of its records or its enrolment; empty where nothing tells it. */
  readonly name: string;
  /** Every name in the sweeps that were looked at, newest first, the first few. */
  readonly names: readonly string[];
  /** By the collector's clock, ticks. */
  readonly firstContact: bigint;
  readonly lastContact: bigint;
  /** Nothing has come for longer than was asked. */
  readonly silent: boolean;
  /** Of the device's clock at its last contact: positive where it is ahead; null where unknown. */
  readonly clockSkewMs: bigint | null;
  /** Undefined where no sweep row is there: whether its records are all is unknown. */
  readonly lastSweep: LastSweep | undefined;
  readonly stale: readonly StaleThing[];
  /** Flagged files that were ever seen on it: paths with a SHA-1. */
  readonly flaggedEver: bigint;
  /** What speaks for more than one machine under this id. */
  readonly cloneEvidence: readonly CloneEvidence[];
  /** It has sent so many sweeps that not all of them were looked at. */
  readonly partlyRead: boolean;
}

/** Clocks further off than this are told: beyond it Kerberos fails, and a hunt's window begins to miss sightings. */
export const CLOCK_TOLERANCE_MS = 300_000n;

/** What a device can be, the worst first. docs/devices.md says what each means. */
export const DEVICE_STATES = [
  ...(['cloned', 'cloned?', 'silent', 'unswept', 'incomplete', 'stale'] as const),
  ...(['clock', 'unread'] as const),
] as const;
export type DeviceState = (typeof DEVICE_STATES)[number];

/** What somebody should look at, the worst first; empty where all is well. */
export function statesOf(device: DeviceView): readonly DeviceState[] {
  const { cloneEvidence, lastSweep, clockSkewMs } = device;
  const strong = cloneEvidence.some(({ strength }) => strength === 'strong');
  const skewed =
    clockSkewMs !== null && (clockSkewMs > CLOCK_TOLERANCE_MS || clockSkewMs < -CLOCK_TOLERANCE_MS);
  const is: Readonly<Record<DeviceState, boolean>> = {
    cloned: strong,
    'cloned?': !strong && cloneEvidence.length > 0,
    silent: device.silent,
    unswept: !lastSweep && !device.partlyRead,
    incomplete: lastSweep !== undefined && (!lastSweep.complete || lastSweep.gaps.length > 0),
    stale: device.stale.length > 0,
    clock: skewed,
    unread: device.partlyRead,
  };
  return DEVICE_STATES.filter((state) => is[state]);
}
