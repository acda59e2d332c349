import { printable } from '../../parsers/record/printable.ts';
import type { Notice } from './notice.ts';

/** Of the message's header. Source: RFC 5424 §6.2. */
export interface SyslogOrigin {
  /** 0 to 23. */
  readonly facility: number;
  readonly host: string;
  readonly processId: number;
}

/** Source: RFC 5424 §6.2.1, "Warning: warning conditions". */
const SEVERITY = 4;
/**
 * The enterprise number that RFC 5612 keeps for documentation: certsweep has none of its own. Source: RFC 5424 §7.2.2.
 */
const SD_ID = 'certsweep@32473';

/** Of a notice, in this order: what a receiver needs most stands first. */
const FIELDS = [
  ...['id', 'event', 'rule', 'tool', 'grade', 'deviceId', 'deviceName', 'path', 'sha256', 'sha1'],
  ...['signer', 'signerHash', 'firstSeen', 'lastSeen', 'closestApproval'],
] as const satisfies readonly (keyof Notice)[];

/**
 * One notice as a message of RFC 5424. Values are cut after `mostValue` characters, and `shortened` then names the
 * fields; a message so stays below 16 times that. What devices wrote cannot end a value, a message or a line.
 */
export function syslogMessage(notice: Notice, origin: SyslogOrigin, mostValue: number): string {
  const shortened: string[] = [...notice.shortened];
  const parameters = FIELDS.flatMap((field) => {
    const value = notice[field];
    if (value === null || value === '') return [];
    const { text, isCut } = shorten(printable(value), mostValue);
    if (isCut && !shortened.includes(field)) shortened.push(field);
    return [`${field}="${escapeValue(text)}"`];
  });
  if (shortened.length > 0) parameters.push(`shortened="${shortened.join(' ')}"`);
  const { facility, host, processId } = origin;
  const header = `<${facility * 8 + SEVERITY}>1 ${headerTime(notice.time)} ${headerField(host)} certsweep-collector ${processId} ${notice.event}`;
  const sentence = shorten(printable(sentenceOf(notice)), 2 * mostValue).text;
  return `${header} [${SD_ID} ${parameters.join(' ')}] \uFEFF${sentence}`;
}

function sentenceOf({ event, tool, deviceName, deviceId, path, reason }: Notice): string {
  const what = event === 'new-finding' ? 'found' : 'no longer approved';
  return `${tool} ${what} on ${deviceName || deviceId}: ${path} (${reason})`;
}

/** Cut between code points, so that the text stays valid UTF-8. */
function shorten(text: string, most: number): { readonly text: string; readonly isCut: boolean } {
  if (text.length <= most) return { text, isCut: false };
  return { text: `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')}...`, isCut: true };
}

/** Source: RFC 5424 §6.3.3: `"`, `\` and `]` are escaped. */
function escapeValue(text: string): string {
  return text.replace(/["\\\]]/g, '\\$&');
}

/** Six fraction digits at most. Source: RFC 5424 §6.2.3. */
function headerTime(time: string): string {
  return time.replace(/(\.\d{6})\d+/, '$1');
}

/** PRINTUSASCII, or the nil value. Source: RFC 5424 §6. */
function headerField(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, '').slice(0, 255) || '-';
}
