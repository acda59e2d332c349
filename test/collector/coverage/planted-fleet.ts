import { createHash } from 'node:crypto';
import type { FileCertificateRecord } from '../../../parsers/record/columns.ts';
import { formatDatetime, parseDatetime } from '../../../parsers/record/datetime.ts';
import { record } from '../records.ts';
import type { ExportedRow } from './written-exports.ts';

export const TIGHTVNC = '18f7c17b-65d4-4263-b9e2-587e84233989';
export const hex = (text: string) => createHash('sha1').update(text).digest('hex');

/** Files of each device; the first is TightVNC's. */
export const FILES = 12;
const START = parseDatetime('2026-07-01T00:00:00Z') ?? 0n;
const SECOND = 10_000_000n;
const HOUR = 3600n * SECOND;

export const sha1Of = (file: number) => hex(`file ${file}`);
export const idOf = (device: string) => hex(`agent ${device}`);
export const exportIdOf = (device: string) => hex(`defender ${device}`);

/** What agents saw of a file: signed, in a sweep of its device on 2 July. */
export function agentRow(
  device: string,
  file: number,
  values: Partial<FileCertificateRecord> = {},
): FileCertificateRecord {
  const signer = file === 0 ? 'GlavSoft LLC' : `Vendor ${file % 3}`;
  return record({
    Timestamp: formatDatetime(START + 24n * HOUR + BigInt(file) * SECOND + 1_234_567n),
    DeviceId: idOf(device),
    DeviceName: `${device}.corp.example`,
    DeviceIdSource: 'machine-id',
    SHA1: sha1Of(file),
    SignatureType: 'Embedded',
    Signer: signer,
    SignerHash: hex(signer),
    Issuer: 'Example CA',
    IssuerHash: hex('ca'),
    CertificateSerialNumber: '0b4a9ab6ddcdb7b2',
    CrlDistributionPointUrls: '[]',
    CertificateCreationTime: '2024-01-01T00:00:00Z',
    CertificateExpirationTime: '2027-01-01T23:59:59Z',
    CertificateCountersignatureTime: '2025-05-05T10:00:00Z',
    IsTrusted: true,
    IsRootSignerMicrosoft: false,
    ReportId: file,
    FileKind: file % 4 === 3 ? 'msi' : 'pe',
    FolderPath: 'C:\\Programs',
    FileName: `file${file}.exe`,
    SignatureIndex: 0,
    SignatureStatus: 'Trusted',
    Rules: file === 0 ? [TIGHTVNC] : [],
    ...values,
  });
}

/** The same as Defender has it: an id of its own, upper-case hashes, later by `seconds`. */
export function exportedRow(
  row: FileCertificateRecord,
  device: string,
  values: Partial<ExportedRow> = {},
  seconds = 0,
): ExportedRow {
  return {
    ...canonicalOf(row),
    Timestamp: formatDatetime(
      (parseDatetime(row.Timestamp ?? '') ?? 0n) + BigInt(seconds) * SECOND,
    ),
    DeviceId: exportIdOf(device),
    SHA1: row.SHA1?.toUpperCase() ?? null,
    SignerHash: row.SignerHash?.toUpperCase() ?? null,
    ReportId: 7,
    ...values,
  };
}

export function canonicalOf(row: FileCertificateRecord): ExportedRow {
  return {
    Timestamp: row.Timestamp,
    DeviceId: row.DeviceId,
    DeviceName: row.DeviceName,
    SHA1: row.SHA1,
    IsSigned: row.IsSigned,
    SignatureType: row.SignatureType,
    Signer: row.Signer,
    SignerHash: row.SignerHash,
    Issuer: row.Issuer,
    IssuerHash: row.IssuerHash,
    CertificateSerialNumber: row.CertificateSerialNumber,
    CrlDistributionPointUrls: row.CrlDistributionPointUrls,
    CertificateCreationTime: row.CertificateCreationTime,
    CertificateExpirationTime: row.CertificateExpirationTime,
    CertificateCountersignatureTime: row.CertificateCountersignatureTime,
    IsTrusted: row.IsTrusted,
    IsRootSignerMicrosoft: row.IsRootSignerMicrosoft,
    ReportId: row.ReportId,
  };
}

/** The files of a device at both sides, alike but for form. */
export function device(name: string, seconds = 0) {
  const agent = Array.from({ length: FILES }, (_, file) => agentRow(name, file));
  const exported = agent.map((row) => exportedRow(row, name, {}, seconds));
  return { agent, exported };
}
