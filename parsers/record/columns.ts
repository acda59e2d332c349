/**
 * Every column of every table, written once.
 *
 * The TypeScript record types, the ingest check, the SQL schema, the KQL binder and `.show schema` are derived from
 * these lists. Adding a column is one line here; CONTRIBUTING.md ("Add a column") says what else then needs a value.
 */

/** KQL scalar types that a column can have. `long` is a 64-bit integer, `datetime` counts 100 ns ticks. */
export type ColumnType = 'string' | 'bool' | 'datetime' | 'long' | 'dynamic';

export interface ColumnSpec {
  readonly type: ColumnType;
  readonly doc: string;
}

/**
 * DeviceFileCertificateInfo: 18 columns in Defender XDR's order and casing.
 * Source: Microsoft Defender XDR, "DeviceFileCertificateInfo" advanced-hunting schema reference.
 */
export const canonicalColumns = {
  Timestamp: { type: 'datetime', doc: 'When this sweep confirmed the file at that path, UTC' },
  DeviceId: { type: 'string', doc: '40 lower-case hex digits, stable for the device' },
  DeviceName: {
    type: 'string',
    doc: 'Fully qualified domain name where known, else the host name',
  },
  SHA1: { type: 'string', doc: 'SHA-1 of the whole file, lower-case hex' },
  IsSigned: { type: 'bool', doc: 'The file carries a signature that could be parsed' },
  SignatureType: { type: 'string', doc: 'Embedded or Catalog' },
  Signer: {
    type: 'string',
    doc: 'Display name of the signing certificate: CN, else OU, O, e-mail',
  },
  SignerHash: {
    type: 'string',
    doc: 'SHA-1 thumbprint of the signing certificate, lower-case hex',
  },
  Issuer: { type: 'string', doc: 'Display name of the issuer of the signing certificate' },
  IssuerHash: { type: 'string', doc: 'SHA-1 thumbprint of the issuer certificate, lower-case hex' },
  CertificateSerialNumber: {
    type: 'string',
    doc: 'Serial number: DER INTEGER bytes in hex, no sign byte',
  },
  CrlDistributionPointUrls: { type: 'string', doc: 'JSON array of URLs as a string; [] when none' },
  CertificateCreationTime: { type: 'datetime', doc: 'notBefore of the signing certificate' },
  CertificateExpirationTime: { type: 'datetime', doc: 'notAfter of the signing certificate' },
  CertificateCountersignatureTime: {
    type: 'datetime',
    doc: 'Signing time by the first countersignature',
  },
  IsTrusted: { type: 'bool', doc: 'What WinVerifyTrust would say; null where it cannot be judged' },
  IsRootSignerMicrosoft: {
    type: 'bool',
    doc: 'The chain ends at a Microsoft root; null where not judged',
  },
  ReportId: { type: 'long', doc: 'Counter of the agent, one per record' },
} as const satisfies Record<string, ColumnSpec>;

/** Columns that are ours, not Microsoft's. They follow the 18 in every table that has them. */
export const extensionColumns = {
  FolderPath: { type: 'string', doc: 'Absolute folder of the file' },
  FileName: { type: 'string', doc: 'Name of the file in its folder' },
  FileSize: { type: 'long', doc: 'Bytes' },
  SHA256: { type: 'string', doc: 'SHA-256 of the whole file, lower-case hex' },
  FileKind: { type: 'string', doc: 'By content: pe, msi, cab, catalog, appx, script' },
  FileCreatedTime: { type: 'datetime', doc: 'Birth time where the file system has one' },
  FileModifiedTime: { type: 'datetime', doc: 'Last modification' },
  SignatureIndex: { type: 'long', doc: '0 is the primary signature, then nested and further ones' },
  SignatureStatus: {
    type: 'string',
    doc: 'Trusted, NotTrusted, HashMismatch, BadSignature, NotJudged, Malformed, NotSigned, CatalogNotSearched',
  },
  Findings: {
    type: 'dynamic',
    doc: 'Array of {code, level, detail}, codes as Windows spells them',
  },
  DigestAlgorithm: {
    type: 'string',
    doc: 'Of SpcIndirectDataContent: md5, sha1, sha256, sha384, sha512',
  },
  AuthenticodeDigest: {
    type: 'string',
    doc: 'Image digest computed over the file, lower-case hex',
  },
  ProgramName: { type: 'string', doc: 'programName of SpcSpOpusInfo' },
  SignerSubject: { type: 'string', doc: 'Whole distinguished name of the signer' },
  IssuerSubject: { type: 'string', doc: 'Whole distinguished name of the issuer' },
  TimestampSigner: { type: 'string', doc: 'Display name of the countersigning certificate' },
  RevocationStatus: { type: 'string', doc: 'not-checked, good or revoked' },
  TrustSource: { type: 'string', doc: 'Which roots judged the chain' },
  CompanyName: { type: 'string', doc: 'From the version resource' },
  ProductName: { type: 'string', doc: 'From the version resource' },
  OriginalFileName: { type: 'string', doc: 'From the version resource' },
  FileVersion: { type: 'string', doc: 'From the version resource' },
  Rules: { type: 'dynamic', doc: 'Array of the ids of the rules that flag this record' },
  LookAlikes: {
    type: 'dynamic',
    doc: 'Array of {rule, grade}: rules whose tool the file claims to be without matching them; [] where none',
  },
  MatchGrade: {
    type: 'string',
    doc: 'How far the match can be believed; where no rule flags it, the worst grade of LookAlikes',
  },
  MachineGroup: { type: 'string', doc: 'Configured tag of the device' },
  DeviceIdSource: {
    type: 'string',
    doc: 'Where DeviceId came from: option, defender, machine-id, host-name',
  },
  RunningProcesses: {
    type: 'dynamic',
    doc: 'With live context: array of {pid, name, parentPid, parentName, user, startTime} whose image is this file',
  },
  AutostartEntries: {
    type: 'dynamic',
    doc: 'With live context: array of {kind, name, state} of services and autostarts that start this file',
  },
  ScanId: { type: 'string', doc: 'The sweep that made this record' },
  AgentVersion: { type: 'string', doc: 'Version of the agent that made this record' },
  ReadTime: { type: 'datetime', doc: 'When the bytes of the file were hashed' },
  ReceivedTime: {
    type: 'datetime',
    doc: 'When the collector received the record; set by the collector',
  },
} as const satisfies Record<string, ColumnSpec>;

/** Every column of an agent's record, in order. */
export const recordColumns = { ...canonicalColumns, ...extensionColumns } as const;

/** AgentSweepInfo: one row a sweep, what it saw and what it could not see. */
export const sweepColumns = {
  Timestamp: { type: 'datetime', doc: 'When the sweep ended, UTC' },
  DeviceId: { type: 'string', doc: 'As in the records of the sweep' },
  DeviceName: { type: 'string', doc: 'As in the records of the sweep' },
  ScanId: { type: 'string', doc: 'Identifies the sweep and its records' },
  StartTime: { type: 'datetime', doc: 'When the sweep began' },
  EndTime: { type: 'datetime', doc: 'When the sweep ended' },
  Complete: { type: 'bool', doc: 'Everything that was asked for was read' },
  Interrupted: { type: 'bool', doc: 'Stopped by a signal before the walk ended' },
  MachineGroup: { type: 'string', doc: 'As in the records of the sweep' },
  Roots: { type: 'dynamic', doc: 'Array of the absolute paths that were swept' },
  Entries: { type: 'long', doc: 'Directory entries seen' },
  Directories: { type: 'long', doc: 'Directories read' },
  Files: { type: 'long', doc: 'Regular files looked at' },
  Bytes: { type: 'long', doc: 'Bytes hashed' },
  Images: { type: 'long', doc: 'Files that have a record, read to the end' },
  Records: { type: 'long', doc: 'Records made' },
  Signed: { type: 'long', doc: 'Records with IsSigned true' },
  Flagged: { type: 'long', doc: 'Records that at least one rule matched' },
  LookAlikeFiles: {
    type: 'long',
    doc: 'Unflagged files that claim to be the tool of a rule, those by name alone left out',
  },
  Malformed: { type: 'long', doc: 'Files with a malformed structure' },
  Skipped: { type: 'dynamic', doc: 'Object: reason to number of paths not read' },
  OtherKinds: { type: 'dynamic', doc: 'Object: kind of file to number of files not examined' },
  Unchanged: {
    type: 'long',
    doc: 'Files not opened: as an earlier sweep of the same state left them',
  },
  HardLinks: { type: 'long', doc: 'Further names of a file that was hashed once' },
  Archives: { type: 'long', doc: 'Archives, whose content was not looked at' },
  DiskImages: { type: 'long', doc: 'Disk images, whose content was not looked at' },
  GoneFlagged: {
    type: 'long',
    doc: 'Flagged files of the last sweep that are no longer there; null without a state',
  },
  GoneFiles: {
    type: 'dynamic',
    doc: 'Array of {path, sha1, rules, lastSeen} of those, the first 1,000',
  },
  LiveContext: { type: 'string', doc: 'off, complete, or partial where a permission was missing' },
  SpoolDropped: {
    type: 'long',
    doc: 'Records that the cap of the spool has pushed out unsent since the last sweep row',
  },
  RuleDigest: { type: 'string', doc: 'SHA-256 over the rules that flagged' },
  RootDigest: { type: 'string', doc: 'SHA-256 over the roots and restrictions that judged' },
  TrustSource: { type: 'string', doc: 'Which roots judged' },
  AgentVersion: { type: 'string', doc: 'Version of the agent' },
  RecordsDigest: {
    type: 'string',
    doc: 'SHA-256 of the records file this row describes; null when shipped',
  },
  ReceivedTime: {
    type: 'datetime',
    doc: 'When the collector received the row; set by the collector',
  },
} as const satisfies Record<string, ColumnSpec>;

/** AgentSightingInfo: one row for each flagged (DeviceId, path, SHA1), which retention by age leaves alone. */
export const sightingColumns = {
  DeviceId: { type: 'string', doc: 'As in the records' },
  DeviceName: { type: 'string', doc: 'As in the last sighting' },
  FolderPath: { type: 'string', doc: 'Absolute folder of the file' },
  FileName: { type: 'string', doc: 'Name of the file in its folder' },
  SHA1: { type: 'string', doc: 'SHA-1 of the whole file, lower-case hex' },
  Rules: {
    type: 'dynamic',
    doc: 'Array of the ids of the rules that ever flagged it, the first 64',
  },
  FirstSeen: { type: 'datetime', doc: 'Timestamp of the first record of it that was flagged' },
  LastSeen: { type: 'datetime', doc: 'Timestamp of the last such record' },
} as const satisfies Record<string, ColumnSpec>;

/** AgentContactInfo: one row for each device that ever sent a batch, or whose records were imported. */
export const contactColumns = {
  DeviceId: { type: 'string', doc: 'As in the records' },
  FirstContact: { type: 'datetime', doc: "When its first batch came, by the collector's clock" },
  LastContact: { type: 'datetime', doc: "When its last batch came, by the collector's clock" },
  LastSent: {
    type: 'datetime',
    doc: "When it sent that batch, by the device's clock; null where it was not told",
  },
  ClockSkewMs: {
    type: 'long',
    doc: 'LastSent minus LastContact in milliseconds: positive where the clock of the device is ahead',
  },
} as const satisfies Record<string, ColumnSpec>;

/** What a value of each column type is in a record and in NDJSON. Datetimes are ISO 8601 with Z. */
export interface ColumnValue {
  string: string;
  bool: boolean;
  datetime: string;
  /** Safe integers only: parse-record refuses others. */
  long: number;
  dynamic: JsonValue;
}

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

type RowOf<Columns extends Record<string, ColumnSpec>> = {
  readonly [Name in keyof Columns]: ColumnValue[Columns[Name]['type']] | null;
};

/** One record of AgentFileCertificateInfo: one signature of one file, or one unsigned file. Derived, never written. */
export type FileCertificateRecord = RowOf<typeof recordColumns>;

/** One row of AgentSweepInfo. Derived, never written. */
export type SweepRow = RowOf<typeof sweepColumns>;

/** Columns of a table as the KQL binder and the schema page list them. */
export type TableColumns = Readonly<Record<string, ColumnSpec>>;

/**
 * The tables that KQL sees. DeviceFileCertificateInfo is a view of AgentFileCertificateInfo: signed rows only, and of
 * several signatures of one file by one Signer only the first. Log Analytics calls the time TimeGenerated; both work.
 */
export const tables = {
  DeviceFileCertificateInfo: {
    ...canonicalColumns,
    TimeGenerated: { type: 'datetime', doc: 'Same instant as Timestamp' },
  },
  AgentFileCertificateInfo: recordColumns,
  AgentSweepInfo: sweepColumns,
  AgentSightingInfo: sightingColumns,
  AgentContactInfo: contactColumns,
} as const satisfies Record<string, TableColumns>;

export type TableName = keyof typeof tables;
