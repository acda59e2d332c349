import { ParseError } from '../bytes/parse-error.ts';

/** The labels of a certificate. Source: RFC 7468 §5.1, which has the older two for compatibility. */
export const CERTIFICATE_LABELS: ReadonlySet<string> = new Set([
  'CERTIFICATE',
  'X509 CERTIFICATE',
  'X.509 CERTIFICATE',
]);
/** The label of a certificate revocation list. Source: RFC 7468 §6. */
export const CRL_LABELS: ReadonlySet<string> = new Set(['X509 CRL']);

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';
/** Real bundles hold up to some hundred certificates. */
const MAX_BLOCKS = 20_000;

/**
 * What the blocks with one of `labels` encode, in their order. Blocks of other kinds, such as keys, and the text between
 * blocks are passed over. Throws ParseError; its offset counts characters. Source: RFC 7468 §2, §3.
 */
export function parsePem(text: string, labels: ReadonlySet<string>): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (let at = nextBegin(text, 0); at >= 0; ) {
    if (blocks.length === MAX_BLOCKS)
      throw new ParseError('too-many', at, `more than ${MAX_BLOCKS} PEM blocks`);
    const label = labelAt(text, at);
    const content = at + BEGIN.length + label.length + DASHES.length;
    const endLine = `${END}${label}${DASHES}`;
    const end = text.indexOf(endLine, content);
    const next = nextBegin(text, content);
    if (end < 0 || (next >= 0 && next < end))
      throw new ParseError('truncated', at, `BEGIN ${label} has no END`);
    if (labels.has(label)) blocks.push(decode(text.slice(content, end), at));
    at = next;
  }
  return blocks;
}

/** A boundary begins a line: certificates are often preceded by text that speaks of them. */
function nextBegin(text: string, from: number): number {
  for (let at = text.indexOf(BEGIN, from); at >= 0; at = text.indexOf(BEGIN, at + 1)) {
    const before = text[at - 1];
    if (at === 0 || before === '\n' || before === '\r') return at;
  }
  return -1;
}

function labelAt(text: string, at: number): string {
  const line = /^[^\r\n]{0,80}/.exec(text.slice(at + BEGIN.length, at + BEGIN.length + 80))?.[0];
  const length = line?.indexOf(DASHES) ?? -1;
  if (line === undefined || length < 0)
    throw new ParseError('bad-value', at, 'a BEGIN line without its closing dashes');
  return line.slice(0, length);
}

/** Buffer skips what is no base64, and with it the damage; but then it gives fewer bytes than the characters hold. */
function decode(content: string, at: number): Uint8Array {
  const base64 = content.replace(/\s+/g, '');
  const padding = base64.endsWith('==') ? 2 : Number(base64.endsWith('='));
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
  if (bytes.length === 0 || bytes.length !== (base64.length / 4) * 3 - padding)
    throw new ParseError('bad-value', at, 'a PEM block that is not base64');
  return bytes;
}
