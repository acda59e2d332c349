import type {
  RevocationStatus,
  SignatureStatus,
} from '../../parsers/authenticode/signature-report.ts';
import type { FileCertificateRecord } from '../../parsers/record/columns.ts';
import { printable } from '../../parsers/record/printable.ts';
import { recordPath } from '../../parsers/record/record-path.ts';
import { statusWords } from '../../parsers/record/signature-words.ts';
import { matchWords } from '../../parsers/rules/grade-words.ts';
import { isLookAlike, rulesOf } from '../../parsers/rules/match-grade.ts';
import { type Colours, noColours } from './colours.ts';
import { fitEnd, fitStart } from './display-width.ts';
import { isFlagged } from './sweep-tally.ts';
import { wrapped } from './wrap.ts';

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
    markOf(record),
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

/** What stands in the first column: LIKE marks a look-alike, which no rule flags. */
function markOf(record: FileCertificateRecord): string {
  if (isFlagged(record)) return 'FLAG';
  return isLookAlike(record) ? 'LIKE' : '';
}

/** A flagged record or look-alike with all that an analyst asks for first. */
export function flaggedBlock(record: FileCertificateRecord, colours: Colours = noColours): string {
  const { Signer, SignerHash, CertificateCountersignatureTime, SHA1, MatchGrade } = record;
  const hasSignature = record.IsSigned === true;
  const findings = Array.isArray(record.Findings)
    ? record.Findings.map((finding) => `${(finding as { code: string }).code} `).join('')
    : '';
  return [
    colours.strong(printable(recordPath(record))),
    ...(hasSignature ? [`    signer  ${printable(Signer ?? '')} (certificate ${SignerHash})`] : []),
    `    status  ${statusPaint(record, colours)(statusOf(record))} ${findings}`.trimEnd(),
    ...wrapped('    match   ', matchWords(MatchGrade ?? '', record.SignatureStatus)),
    ...(hasSignature
      ? [
          `    trust   ${printable(record.TrustSource ?? 'no roots')}, revocation ${record.RevocationStatus ?? 'not-checked'}`,
          `    signed  ${CertificateCountersignatureTime ?? 'at an unknown time: no countersignature'}`,
        ]
      : [`    says    ${printable(claimOf(record))}`]),
    `    SHA-1   ${SHA1}`,
    `    rule    ${printable(rulesOf(record).join(', '))}`,
    '',
  ].join('\n');
}

/** What an unsigned file says of itself. */
function claimOf({ CompanyName, ProductName, OriginalFileName }: FileCertificateRecord): string {
  return [CompanyName, ProductName, OriginalFileName].filter((name) => name !== null).join(', ');
}

/** A flagged record or look-alike in one line, for the summary. */
export function flaggedLine(record: FileCertificateRecord): string {
  if (!isFlagged(record))
    return `look-alike (${record.MatchGrade}), ${printable(record.Signer ?? 'no signer')}: ${printable(recordPath(record))}`;
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
