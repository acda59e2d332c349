import { findingWords, unknownFinding } from '../../parsers/authenticode/finding-words.ts';
import type { Finding, SignatureStatus } from '../../parsers/authenticode/signature-report.ts';
import { formatDatetime } from '../../parsers/record/datetime.ts';
import { printable } from '../../parsers/record/printable.ts';
import { statusWords } from '../../parsers/record/signature-words.ts';
import { matchWords } from '../../parsers/rules/grade-words.ts';
import { textOf, ticksOf } from '../hunt/ask.ts';
import type { Evidence, EvidenceFile } from '../hunt/evidence.ts';
import { liveLines } from './live-lines.ts';
import { wrap } from './notes.ts';

/** Findings and ids of one file that are printed; json and csv have all. */
const MOST_FINDINGS = 10;
const MOST_IDS = 20;

const LABEL_WIDTH = 12;

/** The files behind a hunt's answer for one device, a block each. Nothing of a path or hash is cut off. */
export function evidenceTable({ files }: Evidence, width: number): string {
  return files.map((file) => block(file, width)).join('\n');
}

function block(file: EvidenceFile, width: number): string {
  const lines = linesOf(file).map(([label, text]) => {
    const [first, ...more] = wrap(text, width - LABEL_WIDTH - 2).split('\n');
    const indent = ' '.repeat(LABEL_WIDTH + 2);
    return [`  ${label.padEnd(LABEL_WIDTH)}${first}`, ...more.map((line) => indent + line)].join(
      '\n',
    );
  });
  return `${printable(file.path)}\n${lines.join('\n')}\n`;
}

function linesOf(file: EvidenceFile): [label: string, text: string][] {
  const { facts, reportIds } = file;
  const status = textOf(facts.SignatureStatus);
  const words = Object.hasOwn(statusWords, status)
    ? statusWords[status as SignatureStatus]
    : status;
  const signed = ticksOf(facts.CertificateCountersignatureTime);
  return [
    ['SHA-1', file.sha1],
    ['SHA-256', textOf(facts.SHA256) || 'not told'],
    ['signer', `${textOf(facts.Signer)}, certificate ${textOf(facts.SignerHash) || 'not told'}`],
    ['signed', signed === 0n ? 'at an unknown time: no countersignature' : formatDatetime(signed)],
    ['status', printable(words || 'not told')],
    ...grade(textOf(facts.MatchGrade), status),
    ...findingLines(facts.Findings),
    ['seen', seen(file)],
    [
      'first ever',
      file.everFirstSeen === null
        ? 'not known: no agent has flagged it'
        : formatDatetime(file.everFirstSeen),
    ],
    ['now', file.presence.words],
    ...liveLines(facts),
    ['elsewhere', elsewhere(file)],
    ...approval(file),
    ['ReportId', listed(reportIds.map(String), MOST_IDS)],
  ].map(([label = '', text = '']) => [label, printable(text)]);
}

function approval({ judgement }: EvidenceFile): [string, string][] {
  if (!judgement) return [];
  const verdict = judgement.state === 'approved' ? 'approved' : 'not approved';
  return [['approval', `${verdict}: ${judgement.words}`]];
}

function grade(matchGrade: string, status: string): [string, string][] {
  return matchGrade === '' ? [] : [['match', matchWords(matchGrade, status)]];
}

function findingLines(findings: unknown): [string, string][] {
  if (!Array.isArray(findings)) return [];
  const lines = findings
    .slice(0, MOST_FINDINGS)
    .map((each: Partial<Finding> | null): [string, string] => {
      const code = `${each?.code}`;
      const words = Object.hasOwn(findingWords, code) ? findingWords[code] : unknownFinding;
      return ['finding', `${code}: ${words}`];
    });
  const more = findings.length - lines.length;
  return more > 0 ? [...lines, ['finding', `... and ${more} more`]] : lines;
}

function elsewhere({ others }: EvidenceFile): string {
  if (others.count === 0) return 'on no other device';
  return `on ${others.count} other ${others.count === 1 ? 'device' : 'devices'}: ${listed(others.names, others.count)}`;
}

function listed(texts: readonly string[], most: number): string {
  const more = texts.length - most;
  return `${texts.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function seen({ sightings, firstSeen, lastSeen }: EvidenceFile): string {
  const [first, last] = [formatDatetime(firstSeen), formatDatetime(lastSeen)];
  return sightings === 1 ? `once, ${first}` : `${sightings} times, ${first} to ${last}`;
}
