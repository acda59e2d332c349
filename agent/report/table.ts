import type {
  RevocationStatus,
  SignatureStatus,
} from '../../parsers/authenticode/signature-report.ts';
import type { FileCertificateRecord } from '../../parsers/record/columns.ts';
import { printable } from '../../parsers/record/printable.ts';
import { recordPath } from '../../parsers/record/record-path.ts';
import { statusWords } from '../../parsers/record/signature-words.ts';
import { type Colours, noColours } from './colours.ts';
import { fitEnd, fitStart } from './display-width.ts';
import { isFlagged } from './sweep-tally.ts';

/** Terminal columns. With two blanks between them the path has 28 left of 80. */
const WIDTHS = { flag: 4, status: 13, revocation: 3, signer: 24 };
const GAP = '  ';
const BEFORE_PATH =
  WIDTHS.flag + WIDTHS.status + WIDTHS.revocation + WIDTHS.signer + 4 * GAP.length;
const SHORTEST_PATH = 20;

export function tableHeader(colours: Colours = noColours): string {
  return `${colours.faint(tableCells('FLAG', 'STATUS', 'CRL', 'SIGNER', 'PATH').join(GAP))}\n`;
}

/** One line a record. `columns` is the terminal's width, undefined where the output is no terminal: then nothing is cut. */
export function tableRow(
  record: FileCertificateRecord,
  columns: number | undefined,
  colours: Colours = noColours,
): string {
  const file = printable(recordPath(record));
  const room = columns === undefined ? Number.POSITIVE_INFINITY : columns - BEFORE_PATH;
  const [flag = '', status = '', revocation = '', ...rest] = tableCells(
    isFlagged(record) ? 'FLAG' : '',
    statusOf(record),
    revocationOf(record),
    printable(record.Signer ?? ''),
    fitEnd(file, Math.max(SHORTEST_PATH, room)),
  );
  const isRevoked = record.RevocationStatus === 'revoked';
  const cells = [
    colours.alarm(flag),
    statusPaint(record, colours)(status),
    isRevoked ? colours.alarm(revocation) : revocation,
    ...rest,
  ];
  return `${cells.join(GAP)}\n`;
}

/** A flagged record with all that an analyst asks for first. */
export function flaggedBlock(record: FileCertificateRecord, colours: Colours = noColours): string {
  const { Signer, SignerHash, CertificateCountersignatureTime, SHA1, MatchGrade } = record;
  const rules = Array.isArray(record.Rules) ? record.Rules.join(', ') : '';
  const findings = Array.isArray(record.Findings)
    ? record.Findings.map((finding) => `${(finding as { code: string }).code} `).join('')
    : '';
  return [
    colours.strong(printable(recordPath(record))),
    `    signer  ${printable(Signer ?? '')} (certificate ${SignerHash})`,
    `    status  ${statusPaint(record, colours)(statusOf(record))} ${findings}(${MatchGrade})`,
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
  return `${statusOf(record)}${revocation}, ${printable(record.Signer ?? '')}: ${printable(recordPath(record))}`;
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

function statusOf({ SignatureStatus }: FileCertificateRecord): string {
  return statusWords[SignatureStatus as SignatureStatus];
}

/** Good, bad, or neither: what could not be judged has no colour. */
function statusPaint({ IsTrusted, IsSigned }: FileCertificateRecord, colours: Colours) {
  if (IsTrusted) return colours.good;
  return IsSigned && IsTrusted === false ? colours.warning : (text: string) => text;
}

function tableCells(
  flag: string,
  status: string,
  revocation: string,
  signer: string,
  file: string,
): string[] {
  return [
    fitStart(flag, WIDTHS.flag),
    fitStart(status, WIDTHS.status),
    fitStart(revocation, WIDTHS.revocation),
    fitStart(signer, WIDTHS.signer),
    file,
  ];
}
