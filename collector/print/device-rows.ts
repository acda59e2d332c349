import type { CellValue, QueryResult, ScalarType } from '../../parsers/kql/plan.ts';
import { type DeviceView, statesOf } from '../devices/device-view.ts';

/** The columns of the device view in JSON and CSV, and how each is read off a device. */
const COLUMNS: readonly (readonly [
  name: string,
  type: ScalarType,
  read: (device: DeviceView) => CellValue | undefined,
])[] = [
  ['DeviceId', 'string', ({ id }) => id],
  ['DeviceName', 'string', ({ name }) => name],
  ['States', 'dynamic', statesOf],
  ['FirstContact', 'datetime', ({ firstContact }) => firstContact],
  ['LastContact', 'datetime', ({ lastContact }) => lastContact],
  ['Silent', 'bool', ({ silent }) => silent],
  ['ClockSkewMs', 'long', ({ clockSkewMs }) => clockSkewMs],
  ['ScanId', 'string', ({ lastSweep }) => lastSweep?.scanId],
  ['StartTime', 'datetime', ({ lastSweep }) => lastSweep?.start],
  ['EndTime', 'datetime', ({ lastSweep }) => lastSweep?.end],
  ['ReceivedTime', 'datetime', ({ lastSweep }) => lastSweep?.received],
  ['Complete', 'bool', ({ lastSweep }) => lastSweep?.complete],
  ['Gaps', 'dynamic', ({ lastSweep }) => lastSweep?.gaps],
  ['AgentVersion', 'string', ({ lastSweep }) => lastSweep?.agentVersion],
  ['RuleDigest', 'string', ({ lastSweep }) => lastSweep?.ruleDigest],
  ['RootDigest', 'string', ({ lastSweep }) => lastSweep?.rootDigest],
  ['TrustSource', 'string', ({ lastSweep }) => lastSweep?.trustSource],
  ['Stale', 'dynamic', ({ stale }) => stale],
  ['Flagged', 'long', ({ lastSweep }) => lastSweep?.flagged],
  ['FlaggedEver', 'long', ({ flaggedEver }) => flaggedEver],
  ['Names', 'dynamic', ({ names }) => names],
  ['CloneEvidence', 'dynamic', ({ cloneEvidence }) => cloneEvidence],
];

/** Devices as rows with a cell for each fact; what is not known is null. */
export function deviceRows(devices: readonly DeviceView[]): QueryResult {
  return {
    columns: COLUMNS.map(([name, type]) => ({ name, type })),
    rows: devices.map((device) => COLUMNS.map(([, , read]) => read(device) ?? null)),
  };
}
