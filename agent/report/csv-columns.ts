import type { SignatureStatus } from '../../parsers/authenticode/signature-report.ts';
import {
  type FileCertificateRecord,
  type JsonValue,
  recordColumns,
} from '../../parsers/record/columns.ts';
import { recordPath } from '../../parsers/record/record-path.ts';

type Cell = (record: FileCertificateRecord) => JsonValue;

/**
 * The columns that `sigcheck -c` begins with, in its order and spelling, so that what reads those reads these. Description,
 * Product Version and Machine Type are empty: records do not have them. MD5, PESHA1, PESHA256 and IMP are left out.
 */
const sigcheckColumns: Readonly<Record<string, Cell>> = {
  Path: recordPath,
  Verified: verified,
  Date: (record) => record.CertificateCountersignatureTime,
  Publisher: (record) => record.Signer,
  Company: (record) => record.CompanyName,
  Description: () => null,
  Product: (record) => record.ProductName,
  'Product Version': () => null,
  'File Version': (record) => record.FileVersion,
  'Machine Type': () => null,
  SHA1: (record) => record.SHA1,
  SHA256: (record) => record.SHA256,
};

/** Two columns of one name are an error to PowerShell's Import-Csv: SHA1 and SHA256 stand with sigcheck's, once. */
const ownColumns = (Object.keys(recordColumns) as (keyof FileCertificateRecord)[]).filter(
  (name) => !Object.hasOwn(sigcheckColumns, name),
);

export const csvColumns: readonly string[] = [...Object.keys(sigcheckColumns), ...ownColumns];

export function csvValues(record: FileCertificateRecord): JsonValue[] {
  return [
    ...Object.values(sigcheckColumns).map((cell) => cell(record)),
    ...ownColumns.map((name) => record[name]),
  ];
}

/** sigcheck's own words where they say the same. */
const verifiedWords: Readonly<Record<SignatureStatus, string>> = {
  Trusted: 'Signed',
  NotTrusted: 'Not trusted',
  HashMismatch: 'The digital signature of the object did not verify.',
  BadSignature: 'Bad signature',
  NotJudged: 'Not judged: no code-signing roots at hand',
  Malformed: 'Malformed signature',
  NotSigned: 'Unsigned',
  CatalogNotSearched: 'Unsigned (catalogs not searched)',
};

function verified({ SignatureStatus }: FileCertificateRecord): string {
  return verifiedWords[SignatureStatus as SignatureStatus];
}
