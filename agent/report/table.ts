import path from 'node:path';
import type { SignatureStatus } from '../../parsers/authenticode/signature-report.ts';
import type { FileCertificateRecord } from '../../parsers/record/columns.ts';
import { printable } from '../../parsers/record/printable.ts';
import { fitEnd, fitStart } from './display-width.ts';
import { isFlagged } from './sweep-tally.ts';

/** Terminal columns. With two blanks between them the path has 33 left of 80. */
const WIDTHS = { flag: 4, status: 13, signer: 24 };
const GAP = '  ';
const BEFORE_PATH = WIDTHS.flag + WIDTHS.status + WIDTHS.signer + 3 * GAP.length;
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
  return tableLine('FLAG', 'STATUS', 'SIGNER', 'PATH');
}

/** One line a record. `columns` is the terminal's width, undefined where the output is no terminal: then nothing is cut. */
export function tableRow(record: FileCertificateRecord, columns: number | undefined): string {
  const file = printable(filePath(record));
  const room = columns === undefined ? Number.POSITIVE_INFINITY : columns - BEFORE_PATH;
  return tableLine(
    isFlagged(record) ? 'FLAG' : '',
    statusOf(record),
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
    `    signed  ${CertificateCountersignatureTime ?? 'at an unknown time: no countersignature'}`,
    `    SHA-1   ${SHA1}`,
    `    rule    ${printable(rules)}`,
    '',
  ].join('\n');
}

/** A flagged record in one line, for the summary. */
export function flaggedLine(record: FileCertificateRecord): string {
  return `${statusOf(record)}, ${printable(record.Signer ?? '')}: ${printable(filePath(record))}`;
}

function filePath(record: FileCertificateRecord): string {
  return path.join(record.FolderPath ?? '', record.FileName ?? '');
}

function statusOf({ SignatureStatus }: FileCertificateRecord): string {
  return statusWords[SignatureStatus as SignatureStatus];
}

function tableLine(flag: string, status: string, signer: string, file: string): string {
  const cells = [
    fitStart(flag, WIDTHS.flag),
    fitStart(status, WIDTHS.status),
    fitStart(signer, WIDTHS.signer),
    file,
  ];
  return `${cells.join(GAP)}\n`;
}
