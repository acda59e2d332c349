import {
  type FileCertificateRecord,
  recordColumns,
  type SweepRow,
  sweepColumns,
} from '../../parsers/record/columns.ts';

const emptyRecord = Object.fromEntries(
  Object.keys(recordColumns).map((name) => [name, null]),
) as FileCertificateRecord;

const emptySweep = Object.fromEntries(
  Object.keys(sweepColumns).map((name) => [name, null]),
) as SweepRow;

/** A signed file of one device; what a test does not care about is null. */
export function record(values: Partial<FileCertificateRecord>): FileCertificateRecord {
  return {
    ...emptyRecord,
    Timestamp: '2026-07-01T00:00:00Z',
    DeviceId: 'a'.repeat(40),
    IsSigned: true,
    ...values,
  };
}

export function sweep(values: Partial<SweepRow>): SweepRow {
  return { ...emptySweep, Timestamp: '2026-07-01T00:00:00Z', DeviceId: 'a'.repeat(40), ...values };
}

export function ndjson(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
