import { findingWords, unknownFinding } from '../../../parsers/authenticode/finding-words.ts';
import type {
  Finding,
  FindingLevel,
  RevocationStatus,
  SignatureStatus,
} from '../../../parsers/authenticode/signature-report.ts';
import { type Content, type Html, html } from '../../../parsers/html/html.ts';
import { counted, day, exactBytes, time } from '../../../parsers/html/units.ts';
import type { FileCertificateRecord, JsonValue } from '../../../parsers/record/columns.ts';
import { recordPath } from '../../../parsers/record/record-path.ts';
import { statusWords } from '../../../parsers/record/signature-words.ts';
import { gradeWords } from '../../../parsers/rules/grade-words.ts';
import { isLookAlike, rulesOf } from '../../../parsers/rules/match-grade.ts';
import type { AutostartEntry, RunningProcess } from '../../live/live-context.ts';
import type { RuleNames } from '../rule-names.ts';

/** Findings, processes and autostarts of one record; a file can be made to have any number. */
const MOST_LINES = 40;

/** One flagged signature or look-alike with all that is known of it: the line everybody reads, and the rest to unfold. */
export function flaggedCard(record: FileCertificateRecord, names: RuleNames): Html {
  const findings = elements<Finding>(record.Findings);
  const rules = rulesOf(record).map((id) => names.of(id).name);
  return html`<details class="card">
<summary>
<span class="path">${recordPath(record)}</span>
<span class="line">${gradeBadge(record)}${statusBadge(record)}${warningBadge(findings)}${liveBadges(record)} <b>${record.Signer ?? 'no signer'}</b> <span class="faint">${signedWhen(record)}; ${rules.join('; ')}</span></span>
</summary>
<p><code>${record.MatchGrade}</code> ${gradeWords(record.MatchGrade, record.SignatureStatus)}</p>
${findings.length > 0 && html`<h3>Findings</h3><ul class="findings">${capped(findings, findingLine)}</ul>`}
${liveContext(record)}
<dl>${facts(record).map(([label, value]) => present(value) && html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
</details>
`;
}

const statusTone: Readonly<Record<SignatureStatus, 'good' | 'bad' | 'unsure'>> = {
  Trusted: 'good',
  NotTrusted: 'bad',
  HashMismatch: 'bad',
  BadSignature: 'bad',
  Malformed: 'bad',
  NotJudged: 'unsure',
  NotSigned: 'unsure',
  CatalogNotSearched: 'unsure',
};

function statusBadge({ SignatureStatus, RevocationStatus }: FileCertificateRecord): Html {
  const status = SignatureStatus as SignatureStatus;
  const revoked = RevocationStatus === 'revoked' && html` <span class="badge bad">revoked</span>`;
  return html`<span class="badge ${statusTone[status]}">${statusWords[status]}</span>${revoked}`;
}

function gradeBadge(record: FileCertificateRecord): Content {
  return isLookAlike(record) && html`<span class="badge unsure">look-alike</span> `;
}

/** A trusted signature can hide something all the same. */
function warningBadge(findings: readonly Finding[]): Content {
  const warnings = findings.filter(({ level }) => level === 'warning').length;
  return warnings > 0 && html` <span class="badge unsure">${counted(warnings, 'warning')}</span>`;
}

function signedWhen({
  CertificateCountersignatureTime: time,
  IsSigned,
}: FileCertificateRecord): string {
  if (!IsSigned) return 'not signed';
  return time === null ? 'signed at an unknown time' : `signed ${day(time)}`;
}

function liveBadges({ RunningProcesses, AutostartEntries }: FileCertificateRecord): Content {
  const runs = elements(RunningProcesses).length > 0;
  const starts = elements(AutostartEntries).length > 0;
  return [
    runs && html` <span class="badge live">running</span>`,
    starts && html` <span class="badge live">starts by itself</span>`,
  ];
}

const levelWords: Readonly<Record<FindingLevel, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

function findingLine({ code, level, detail }: Finding): Html {
  const words = Object.hasOwn(findingWords, code) ? findingWords[code] : unknownFinding;
  return html`<li class="${level}"><b>${levelWords[level]}</b> ${words}<br><span class="faint">${code}: ${detail}</span></li>`;
}

function liveContext({ RunningProcesses, AutostartEntries }: FileCertificateRecord): Content {
  if (RunningProcesses === null && AutostartEntries === null) return null;
  const processes = elements<RunningProcess>(RunningProcesses);
  const entries = elements<AutostartEntry>(AutostartEntries);
  return html`<h3>When the sweep began</h3><ul>
${processes.length === 0 ? html`<li>No process was seen that runs this file.</li>` : capped(processes, processLine)}
${entries.length === 0 ? html`<li>No service or autostart was seen that starts it.</li>` : capped(entries, entryLine)}
</ul>`;
}

function processLine({ pid, name, parentPid, parentName, user, startTime }: RunningProcess): Html {
  const parent =
    parentPid !== null && html`, started by ${parentName ?? 'a process'} (PID ${parentPid})`;
  const since = startTime !== null && html`, since ${time(startTime)}`;
  return html`<li>Running: <b>${name}</b> (PID ${pid})${user !== null && ` as ${user}`}${parent}${since}</li>`;
}

function entryLine({ kind, name, state }: AutostartEntry): Html {
  return html`<li>Started by ${kind.replace('-', ' ')} <b>${name}</b>${state !== null && ` (${state})`}</li>`;
}

/** In the order in which an analyst asks. */
function facts(record: FileCertificateRecord): [label: string, value: Content][] {
  const index = record.SignatureIndex ?? 0;
  return [
    ['SHA-256', code(record.SHA256)],
    ['SHA-1', code(record.SHA1)],
    ['Size', exactBytes(record.FileSize)],
    ['Modified', time(record.FileModifiedTime)],
    ['Created', time(record.FileCreatedTime)],
    ['Signed', time(record.CertificateCountersignatureTime) ?? unknownTime],
    ['Timestamp by', record.TimestampSigner],
    [
      'Signature',
      index > 0 && `no. ${index + 1} of the file: nested in the first, or a further one`,
    ],
    ['Kind', record.SignatureType === 'Catalog' && 'in a catalog'],
    ['Signer', record.SignerSubject],
    ['Certificate SHA-1', code(record.SignerHash)],
    ['Serial number', code(record.CertificateSerialNumber)],
    ['Certificate valid', validity(record)],
    ['Issuer', record.IssuerSubject],
    ['Issuer SHA-1', code(record.IssuerHash)],
    ['Revocation', revocationWords[record.RevocationStatus as RevocationStatus]],
    ['Program name', record.ProgramName],
    ['Version info', versionInfo(record)],
    ['Digest', digest(record)],
    ['Report id', `${record.ReportId}`],
  ];
}

const unknownTime = 'at an unknown time: no countersignature';

const revocationWords: Readonly<Record<RevocationStatus, string>> = {
  'not-checked': 'not checked',
  good: 'on none of the lists at hand',
  revoked: 'REVOKED',
};

function validity(record: FileCertificateRecord): string | null {
  const { CertificateCreationTime: from, CertificateExpirationTime: to } = record;
  return from === null ? null : `${day(from)} to ${day(to)}`;
}

/** Anybody can write it: said with it, so that it does not pass for a proof. */
function versionInfo(record: FileCertificateRecord): string | null {
  const parts = [record.CompanyName, record.ProductName, record.FileVersion].filter(
    (part) => part !== null,
  );
  const original = record.OriginalFileName === null ? [] : [`was ${record.OriginalFileName}`];
  const all = [...parts, ...original];
  return all.length === 0 ? null : `${all.join(', ')} (says the file of itself)`;
}

function digest({ DigestAlgorithm, AuthenticodeDigest }: FileCertificateRecord): Content {
  if (AuthenticodeDigest === null) return null;
  return html`${DigestAlgorithm} <code>${AuthenticodeDigest}</code>`;
}

function code(text: string | null): Content {
  return text === null ? null : html`<code>${text}</code>`;
}

function present(value: Content): boolean {
  return value !== null && value !== undefined && value !== false && value !== '';
}

function capped<Element>(all: readonly Element[], line: (element: Element) => Html): Content[] {
  const more = all.length - MOST_LINES;
  return [...all.slice(0, MOST_LINES).map(line), more > 0 && html`<li>... and ${more} more</li>`];
}

/** Of a dynamic column, whose elements the agent itself has made. */
function elements<Element>(value: JsonValue): readonly Element[] {
  return Array.isArray(value) ? (value as readonly Element[]) : [];
}
