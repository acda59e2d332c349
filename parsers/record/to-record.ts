import type {
  Finding,
  SignatureReport,
  SignatureStatus,
} from '../authenticode/signature-report.ts';
import type { VersionInfo } from '../pe/version-info.ts';
import type { FileCertificateRecord, JsonValue } from './columns.ts';

/** The kinds whose signatures are read, as the FileKind column has them. */
export type SignedKind = 'pe' | 'msi' | 'cab' | 'catalog' | 'appx' | 'script';

/** What the file system and the hashes say of one file. Times are milliseconds since 1970, digests lower-case hex. */
export interface FileFacts {
  readonly folderPath: string;
  readonly fileName: string;
  readonly fileKind: SignedKind;
  readonly size: number;
  readonly sha1: string;
  readonly sha256: string;
  /** 0 where the file system keeps no birth time. */
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly readMs: number;
  /** Of a PE file that has a version resource. */
  readonly versionInfo?: VersionInfo | undefined;
}

/** What is the same for every record of a sweep. */
export interface RecordContext {
  readonly deviceId: string;
  readonly deviceIdSource: string;
  readonly deviceName: string;
  /** The configured tag of the device, null where there is none. */
  readonly machineGroup: string | null;
  readonly scanId: string;
  readonly agentVersion: string;
  /** The next ReportId. Asked once a record. */
  readonly nextReportId: () => number;
}

/** What the signatures of one file came to. Without reports the file is unsigned, or malformed where findings say why. */
export interface FileSignatures {
  readonly reports: readonly SignatureReport[];
  readonly malformed: readonly Finding[];
  /** Without it catalogs were not searched. */
  readonly catalog?: CatalogOutcome;
}

/**
 * What the catalogs said of a file without a signature of its own. `found`: the report is on the catalog that lists it.
 * A file that has one is never looked up.
 */
export type CatalogOutcome = 'not-searched' | 'not-found' | 'found';

/**
 * One record per signature, in order of SignatureIndex; exactly one for a file without. `Timestamp` is when the bytes were
 * read: this sweep confirmed the file then.
 *
 * IsTrusted is false for a malformed signature: Windows finds none it would trust. Rules, LookAlikes, MatchGrade and ReceivedTime are for those who know them.
 */
export function toRecords(
  file: FileFacts,
  { reports, malformed, catalog = 'not-searched' }: FileSignatures,
  context: RecordContext,
): FileCertificateRecord[] {
  if (reports.length > 0) {
    const SignatureType = catalog === 'found' ? 'Catalog' : 'Embedded';
    return reports.map((report) => ({ ...signedRecord(file, report, context), SignatureType }));
  }
  const unsigned = catalog === 'not-found' ? 'NotSigned' : 'CatalogNotSearched';
  const status = malformed.length > 0 ? 'Malformed' : unsigned;
  return [{ ...unsignedRecord(file, status, context), Findings: malformed.map(findingToJson) }];
}

function signedRecord(
  file: FileFacts,
  report: SignatureReport,
  context: RecordContext,
): FileCertificateRecord {
  const { signer } = report;
  const [firstCounterSignature] = report.counterSignatures;
  return {
    ...unsignedRecord(file, report.status, context),
    IsSigned: true,
    Signer: signer?.name ?? null,
    SignerHash: signer?.sha1 ?? null,
    Issuer: signer?.issuerName ?? null,
    IssuerHash: report.issuerSha1,
    CertificateSerialNumber: signer?.serial ?? null,
    CrlDistributionPointUrls: signer === null ? null : JSON.stringify(signer.crlUrls),
    CertificateCreationTime: signer?.notBefore ?? null,
    CertificateExpirationTime: signer?.notAfter ?? null,
    CertificateCountersignatureTime: firstCounterSignature?.time ?? null,
    IsTrusted: report.isTrusted,
    IsRootSignerMicrosoft: report.isRootSignerMicrosoft,
    SignatureIndex: report.index,
    Findings: report.findings.map(findingToJson),
    DigestAlgorithm: report.digestAlgorithm,
    AuthenticodeDigest: report.computedDigest,
    ProgramName: report.programName,
    SignerSubject: signer?.subject ?? null,
    IssuerSubject: signer?.issuer ?? null,
    TimestampSigner: firstCounterSignature?.signer ?? null,
    RevocationStatus: report.revocationStatus,
    TrustSource: report.trustSource,
  };
}

/** Every column, in the order of recordColumns: NDJSON keeps it. */
function unsignedRecord(
  file: FileFacts,
  status: SignatureStatus,
  context: RecordContext,
): FileCertificateRecord {
  const readTime = toDatetime(file.readMs);
  return {
    Timestamp: readTime,
    DeviceId: context.deviceId,
    DeviceName: context.deviceName,
    SHA1: file.sha1,
    IsSigned: false,
    SignatureType: null,
    Signer: null,
    SignerHash: null,
    Issuer: null,
    IssuerHash: null,
    CertificateSerialNumber: null,
    CrlDistributionPointUrls: null,
    CertificateCreationTime: null,
    CertificateExpirationTime: null,
    CertificateCountersignatureTime: null,
    IsTrusted: status === 'CatalogNotSearched' ? null : false, // a catalog may sign an unsigned file
    IsRootSignerMicrosoft: null,
    ReportId: context.nextReportId(),
    FolderPath: file.folderPath,
    FileName: file.fileName,
    FileSize: file.size,
    SHA256: file.sha256,
    FileKind: file.fileKind,
    FileCreatedTime: file.createdMs === 0 ? null : toDatetime(file.createdMs),
    FileModifiedTime: toDatetime(file.modifiedMs),
    SignatureIndex: null,
    SignatureStatus: status,
    Findings: [],
    DigestAlgorithm: null,
    AuthenticodeDigest: null,
    ProgramName: null,
    SignerSubject: null,
    IssuerSubject: null,
    TimestampSigner: null,
    RevocationStatus: null,
    TrustSource: null,
    CompanyName: file.versionInfo?.CompanyName ?? null,
    ProductName: file.versionInfo?.ProductName ?? null,
    OriginalFileName: file.versionInfo?.OriginalFilename ?? null,
    FileVersion: file.versionInfo?.FileVersion ?? null,
    Rules: [],
    LookAlikes: [],
    MatchGrade: null,
    MachineGroup: context.machineGroup,
    DeviceIdSource: context.deviceIdSource,
    RunningProcesses: null,
    AutostartEntries: null,
    ScanId: context.scanId,
    AgentVersion: context.agentVersion,
    ReadTime: readTime,
    ReceivedTime: null,
  };
}

const YEAR_1 = Date.parse('0001-01-01T00:00:00Z');
const YEAR_10000 = Date.UTC(10_000, 0, 1);

/** ISO 8601 with Z, or null: file systems hold times that a Kusto datetime (years 1 to 9999) cannot. */
function toDatetime(ms: number): string | null {
  if (!(ms >= YEAR_1 && ms < YEAR_10000)) return null;
  return new Date(ms).toISOString();
}

function findingToJson({ code, level, detail }: Finding): JsonValue {
  return { code, level, detail };
}
