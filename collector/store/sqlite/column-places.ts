import {
  type ColumnType,
  type FileCertificateRecord,
  recordColumns,
} from '../../../parsers/record/columns.ts';

/**
 * In which SQL table each column of AgentFileCertificateInfo lives. A dictionary holds every distinct combination of
 * its columns once; an observation is one record and points into all of them. What belongs together changes together:
 * a certificate is the same on ten thousand devices, a path on most of them, a verdict for every copy of a file.
 */
export type Dictionary = 'device' | 'certificate' | 'path' | 'file' | 'verdict' | 'scan';
export type Place = Dictionary | 'observation';

/**
 * A new column in columns.ts does not compile until it has its place here.
 * IsSigned lives with the certificate, so that "signed rows only" is answered from a few thousand certificates.
 */
export const columnPlaces = {
  Timestamp: 'observation',
  DeviceId: 'device',
  DeviceName: 'device',
  SHA1: 'file',
  IsSigned: 'certificate',
  SignatureType: 'certificate',
  Signer: 'certificate',
  SignerHash: 'certificate',
  Issuer: 'certificate',
  IssuerHash: 'certificate',
  CertificateSerialNumber: 'certificate',
  CrlDistributionPointUrls: 'certificate',
  CertificateCreationTime: 'certificate',
  CertificateExpirationTime: 'certificate',
  CertificateCountersignatureTime: 'verdict',
  IsTrusted: 'verdict',
  IsRootSignerMicrosoft: 'certificate',
  ReportId: 'observation',
  FolderPath: 'path',
  FileName: 'path',
  FileSize: 'file',
  SHA256: 'file',
  FileKind: 'file',
  FileCreatedTime: 'observation',
  FileModifiedTime: 'observation',
  SignatureIndex: 'observation',
  SignatureStatus: 'verdict',
  Findings: 'verdict',
  DigestAlgorithm: 'verdict',
  AuthenticodeDigest: 'verdict',
  ProgramName: 'verdict',
  SignerSubject: 'certificate',
  IssuerSubject: 'certificate',
  TimestampSigner: 'verdict',
  RevocationStatus: 'verdict',
  TrustSource: 'verdict',
  CompanyName: 'file',
  ProductName: 'file',
  OriginalFileName: 'file',
  FileVersion: 'file',
  Rules: 'verdict',
  LookAlikes: 'verdict',
  MatchGrade: 'verdict',
  MachineGroup: 'device',
  DeviceIdSource: 'device',
  RunningProcesses: 'observation',
  AutostartEntries: 'observation',
  ScanId: 'scan',
  AgentVersion: 'scan',
  ReadTime: 'observation',
  ReceivedTime: 'observation',
} as const satisfies Record<keyof FileCertificateRecord, Place>;

export const dictionaries: readonly Dictionary[] = [
  'device',
  'certificate',
  'path',
  'file',
  'verdict',
  'scan',
];

export interface PlacedColumn {
  readonly name: keyof FileCertificateRecord;
  readonly type: ColumnType;
}

/** The columns that live in `place`, in the order of columns.ts. */
export function columnsIn(place: Place): readonly PlacedColumn[] {
  const names = Object.keys(columnPlaces) as (keyof FileCertificateRecord)[];
  return names
    .filter((name) => columnPlaces[name] === place)
    .map((name) => ({ name, type: recordColumns[name].type }));
}
