import path from 'node:path';
import type {
  RevocationStatus,
  SignatureStatus,
} from '../../parsers/authenticode/signature-report.ts';
import type { FileCertificateRecord } from '../../parsers/record/columns.ts';
import { printable } from '../../parsers/record/printable.ts';
import { fitEnd, fitStart } from './display-width.ts';
import { isFlagged } from './sweep-tally.ts';

/** Terminal columns. With two blanks between them the path has 28 left of 80. */
const WIDTHS = { flag: 4, status: 13, revocation: 3, signer: 24 };
const GAP = '  ';
const BEFORE_PATH =
  WIDTHS.flag + WIDTHS.status + WIDTHS.revocation + WIDTHS.signer + 4 * GAP.length;
const SHORTEST_PATH = 20;

/** Short words for people; records carry the SignatureStatus itself. */
export const statusWords: Readonly<Record<SignatureStatus, string>> = {
  Trusted: 'trusted',
  NotTrusted: 'not trusted',
  HashMismatch: 'bad digest',
  BadSignature: 'bad signature',
  NotJudged: 'not judged',
  Malformed: 'malformed',
  NotSigned: 'unsigned',
  CatalogNotSearched: 'unsigned',
};

export function tableHeader(): string {
  return tableLine('FLAG', 'STATUS', 'CRL', 'SIGNER', 'PATH');
}

/** One line a record. `columns` is the terminal's width, undefined where the output is no terminal: then nothing is cut. */
export function tableRow(record: FileCertificateRecord, columns: number | undefined): string {
  const file = printable(filePath(record));
  const room = columns === undefined ? Number.POSITIVE_INFINITY : columns - BEFORE_PATH;
  return tableLine(
    isFlagged(record) ? 'FLAG' : '',
    statusOf(record),
    revocationOf(record),
    printable(record.Signer ?? ''),
    fitEnd(file, Math.max(SHORTEST_PATH, room)),
  );
}

/** A flagged record with all that an analyst asks for first. */
export function flaggedBlock(record: FileCertificateRecord): string {
  const { Signer, SignerHash, CertificateCountersignatureTime, SHA1, MatchGrade } = record;
  const rules = Array.isArray(record.Rules) ? record.Rules.join(', ') : '';
  const findings = Array.isArray(record.Findings)
    ? record.Findings.map((finding) => `${(finding as { code: string }).code} `).join('')
    : '';
  return [
    printable(filePath(record)),
    `    signer  ${printable(Signer ?? '')} (certificate ${SignerHash})`,
    `    status  ${statusOf(record)} ${findings}(${MatchGrade})`,
    `    trust   ${printable(record.TrustSource ?? 'no roots')}, revocation ${record.RevocationStatus ?? 'not-checked'}`,
    `    signed  ${CertificateCountersignatureTime ?? 'at an unknown time: no countersignature'}`,
    `    SHA-1   ${SHA1}`,
    `    rule    ${printable(rules)}`,
    '',
  ].join('\n');
}

/** A flagged record in one line, for the summary. */
export function flaggedLine(record: FileCertificateRecord): string {
  const revocation = record.RevocationStatus === 'revoked' ? ', revoked' : '';
  return `${statusOf(record)}${revocation}, ${printable(record.Signer ?? '')}: ${printable(filePath(record))}`;
}

/** Short: `?` is not checked. Empty for a file without a signature. */
const revocationWords: Readonly<Record<RevocationStatus, string>> = {
  'not-checked': '?',
  good: 'ok',
  revoked: 'BAD',
};

function revocationOf({ RevocationStatus }: FileCertificateRecord): string {
  return RevocationStatus === null ? '' : revocationWords[RevocationStatus as RevocationStatus];
}

function filePath(record: FileCertificateRecord): string {
  return path.join(record.FolderPath ?? '', record.FileName ?? '');
}

function statusOf({ SignatureStatus }: FileCertificateRecord): string {
  return statusWords[SignatureStatus as SignatureStatus];
}

function tableLine(
  flag: string,
  status: string,
  revocation: string,
  signer: string,
  file: string,
): string {
  const cells = [
    fitStart(flag, WIDTHS.flag),
    fitStart(status, WIDTHS.status),
    fitStart(revocation, WIDTHS.revocation),
    fitStart(signer, WIDTHS.signer),
    file,
  ];
  return `${cells.join(GAP)}\n`;
}
