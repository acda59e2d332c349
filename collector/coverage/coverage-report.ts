import type { DelaySummary } from './delays.ts';
import type { Collision, JoinedBy } from './match-devices.ts';
import type { ExportSummary } from './read-exports.ts';
import type { ComparedRule } from './rule-matcher.ts';
import type { SideDevice } from './side.ts';
import type { CoverageWindows } from './window.ts';

/**
 * What a comparison says of a device. `compared`: both sides have rows of the common window. `empty`: Defender knows the device,
 * and its table has no row of it in the common window. `absent`: nothing in the exports names it. `collision`: it may be one of
 * several. `only-export`: no agent reports it. `silent`: its agent reported nothing of the common window.
 */
export type DeviceState = 'compared' | 'empty' | 'absent' | 'collision' | 'only-export' | 'silent';

/** One device, of one side or joined. Files are counted by SHA1. */
export interface DeviceCoverage {
  readonly agent: SideDevice | undefined;
  readonly exported: SideDevice | undefined;
  readonly by: JoinedBy | undefined;
  readonly state: DeviceState;
  /** Signed files that the agent saw in the common window. */
  readonly agentFiles: number;
  /** Signed files that both saw, whenever. */
  readonly both: number;
  /** Signed files that one side saw in the common window, and the other never. */
  readonly onlyAgent: number;
  /** Of `onlyAgent`, by FileKind; '' where not told. */
  readonly onlyAgentByKind: Readonly<Record<string, number>>;
  /** Of `onlyAgent`, those that a rule means. */
  readonly onlyAgentByRule: number;
  readonly onlyExport: number;
  /** Files of which both tell something else. */
  readonly differing: number;
  readonly signersMissed: number;
  readonly delay: DelaySummary | undefined;
}

/** One rule over the devices of the common window. */
export interface RuleCoverage extends ComparedRule {
  /** Devices on which agents saw it; those in collisions are left. */
  readonly agentDevices: number;
  readonly exportDevices: number;
  /** Of `agentDevices`, those on which the export has it in the common window or after it; and of these those after it. */
  readonly found: number;
  readonly foundLater: number;
  /** Of those that only agents saw it on. */
  readonly missedAbsent: number;
  readonly missedEmpty: number;
  /** The device is in the export, and the rule's file is not. */
  readonly missedFile: number;
  /** Of all that are missed, those on which the export has it before the common window. */
  readonly missedEarlier: number;
  /** Devices on which only the export has it, and of these those that no agent reports. */
  readonly extra: number;
  readonly extraUnknownDevice: number;
  /** `found` of `agentDevices`, 0 to 1; undefined where no agent saw it. */
  readonly recall: number | undefined;
}

export type DifferenceKind =
  | 'rule-missed'
  | 'rule-extra'
  | 'device-absent'
  | 'device-empty'
  | 'device-only-export'
  | 'only-agent'
  | 'only-export'
  | 'field'
  | 'signer-missed';

/** One difference. What does not belong to its kind is ''. Times are milliseconds since 1970, null where there is none. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly agent: SideDevice | undefined;
  readonly exported: SideDevice | undefined;
  /** Ids of rules that mean the file, or that of the rule. */
  readonly rules: readonly string[];
  readonly sha1: string;
  readonly fileKind: string;
  readonly field: string;
  readonly agentValue: string;
  readonly exportValue: string;
  readonly agentFirst: number | null;
  readonly exportFirst: number | null;
  readonly detail: string;
}

/** The whole comparison. Differences are read from the scratch file, so that they need not fit into memory. */
export interface CoverageReport {
  readonly windows: CoverageWindows;
  readonly exports: readonly ExportSummary[];
  /** Lines of the device map that are not used. */
  readonly mapProblems: readonly string[];
  readonly rules: readonly RuleCoverage[];
  /** Of all rules together; undefined where no agent saw any. */
  readonly recall: number | undefined;
  readonly devices: readonly DeviceCoverage[];
  readonly collisions: readonly Collision[];
  readonly delay: DelaySummary | undefined;
  readonly delayHistogram: readonly DelayBucket[];
  /** Kind by kind, or of one kind, `most` of each. */
  differences(kind?: DifferenceKind, most?: number): Iterable<Difference>;
  /** How many of each kind there are. */
  readonly counts: Readonly<Record<DifferenceKind, number>>;
  /** Frees the scratch file. */
  close(): void;
}

/** Files whose delay is below `to` and not below the bucket before. Milliseconds. */
export interface DelayBucket {
  readonly label: string;
  readonly count: number;
}
