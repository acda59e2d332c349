import {
  type FileCertificateRecord,
  type JsonValue,
  recordColumns,
} from '../../parsers/record/columns.ts';
import type { RecordContext } from '../../parsers/record/to-record.ts';
import type { Problem } from '../inspect/file-outcome.ts';

/** What is kept of a file with records, so that they can be reported again without opening it. */
export interface StoredImage {
  readonly records: readonly Partial<FileCertificateRecord>[];
  readonly problems: readonly Omit<Problem, 'path'>[];
}

/** Told anew in every sweep. */
const OF_THE_SWEEP: ReadonlySet<string> = new Set([
  ...['Timestamp', 'DeviceId', 'DeviceName', 'ReportId', 'MachineGroup', 'DeviceIdSource'],
  ...['RunningProcesses', 'AutostartEntries', 'ScanId', 'AgentVersion', 'ReceivedTime'],
]);

/** JSON without what is null or belongs to one sweep. */
export function toStoredImage(
  records: readonly FileCertificateRecord[],
  problems: readonly Problem[],
): string {
  const kept = records.map((record) =>
    Object.fromEntries(
      Object.entries(record).filter(([name, value]) => value !== null && !OF_THE_SWEEP.has(name)),
    ),
  );
  return JSON.stringify({ records: kept, problems: problems.map(({ path: _, ...rest }) => rest) });
}

export function parseStoredImage(content: string): StoredImage {
  return JSON.parse(content) as StoredImage; // ours, behind a checksum
}

/** The records of a file that this sweep confirms at `nowMs` without having read it. ReadTime stays. */
export function confirmedRecords(
  { records }: StoredImage,
  context: RecordContext,
  nowMs: number,
): FileCertificateRecord[] {
  return records.map((stored) => {
    const record: Record<string, JsonValue> = {};
    for (const name of columnNames) record[name] = stored[name] ?? null;
    record.Timestamp = new Date(nowMs).toISOString();
    record.DeviceId = context.deviceId;
    record.DeviceName = context.deviceName;
    record.DeviceIdSource = context.deviceIdSource;
    record.MachineGroup = context.machineGroup;
    record.ScanId = context.scanId;
    record.AgentVersion = context.agentVersion;
    record.ReportId = context.nextReportId();
    return record as unknown as FileCertificateRecord; // every column has its value or null
  });
}

const columnNames = Object.keys(recordColumns) as (keyof FileCertificateRecord)[];
