import type { FileCertificateRecord } from '../../../parsers/record/columns.ts';
import { toRecords } from '../../../parsers/record/to-record.ts';

/** A record of an unsigned file, with what a test wants to be different. */
export function sampleRecord(changes: Partial<FileCertificateRecord> = {}): FileCertificateRecord {
  const [record] = toRecords(
    {
      folderPath: '/srv',
      fileName: 'a.exe',
      fileKind: 'pe',
      size: 1234,
      sha1: 'a1'.repeat(20),
      sha256: 'a2'.repeat(32),
      createdMs: 0,
      modifiedMs: Date.UTC(2024, 1, 3, 4, 5, 6),
      readMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    },
    { reports: [], malformed: [] },
    {
      deviceId: 'd0'.repeat(20),
      deviceIdSource: 'option',
      deviceName: 'host.example',
      machineGroup: null,
      scanId: 'scan-1',
      agentVersion: '0.0.0',
      nextReportId: () => 7,
    },
  );
  if (record === undefined) throw new Error('no record');
  return { ...record, ...changes };
}

/** The same signed by GlavSoft, trusted and flagged. */
export function flaggedRecord(changes: Partial<FileCertificateRecord> = {}): FileCertificateRecord {
  return sampleRecord({
    IsSigned: true,
    SignatureType: 'Embedded',
    Signer: 'GlavSoft LLC (certsweep test)',
    SignerHash: 'b1'.repeat(20),
    SignatureStatus: 'Trusted',
    SignatureIndex: 0,
    IsTrusted: true,
    RevocationStatus: 'not-checked',
    CertificateCountersignatureTime: '2020-05-06T07:08:09Z',
    Rules: ['18f7c17b-65d4-4263-b9e2-587e84233989'],
    MatchGrade: 'signature-trusted',
    ...changes,
  });
}
