import { ParseError } from '../bytes/parse-error.ts';
import type { ScriptText } from './decode-script.ts';
import type { ScriptStyle } from './script-style.ts';

export interface SignatureBlock {
  readonly pkcs7: Uint8Array;
  /** File offset of the block's first line. */
  readonly offset: number;
  /** The text that is signed: all but the block and the line break before it. */
  readonly signedText: string;
}

/**
 * Finds the first signature block; undefined where there is none. Throws ParseError where one begins and is no block.
 *
 * What follows the block is signed text as well. Only in the scripting host's XML files anything belongs there; elsewhere
 * osslsigncode passes over it, but it would run, so text that somebody has appended must break the digest. White space may stand.
 */
export function findSignatureBlock(
  script: ScriptText,
  style: ScriptStyle,
): SignatureBlock | undefined {
  const { text } = script;
  const first = findLine(text, style.firstLine, 0);
  if (first === undefined) return undefined;
  const offset = script.offsetOf(first.start);
  const last = findLine(text, style.lastLine, first.next - 1);
  if (last === undefined)
    throw new ParseError('truncated', offset, `no line "${style.lastLine}" ends the block`);

  const lines = text.slice(first.next, last.start).split('\n').slice(0, -1);
  const base64 = lines.map((line) => base64Of(line.replace(/\r$/, ''), style, offset)).join('');
  const after = text.slice(last.next);
  const isBlank = style.digestedBy === 'powershell' && after.trim() === '';
  return {
    pkcs7: Buffer.from(base64, 'base64'),
    offset,
    signedText: text.slice(0, first.breakBefore) + (isBlank ? '' : after),
  };
}

interface Line {
  /** Index of the line break that ends the line before. */
  readonly breakBefore: number;
  readonly start: number;
  /** Index of the line after. */
  readonly next: number;
}

/** The first line from `from` on that is exactly `line`. One that begins the text has nothing before it that it could sign. */
function findLine(text: string, line: string, from: number): Line | undefined {
  for (let at = text.indexOf(`\n${line}`, from); at >= 0; at = text.indexOf(`\n${line}`, at + 1)) {
    const end = at + 1 + line.length;
    const rest = text.slice(end, end + 2);
    const breakBefore = text[at - 1] === '\r' ? at - 1 : at;
    if (rest === '') return { breakBefore, start: at + 1, next: end };
    if (rest[0] === '\n') return { breakBefore, start: at + 1, next: end + 1 };
    if (rest === '\r\n') return { breakBefore, start: at + 1, next: end + 2 };
  }
  return undefined;
}

function base64Of(line: string, { prefix, suffix }: ScriptStyle, offset: number): string {
  const base64 = line.slice(prefix.length, line.length - suffix.length);
  const isBase64 = /^[A-Za-z0-9+/]*={0,2}$/.test(base64);
  if (isBase64 && line === prefix + base64 + suffix) return base64;
  throw new ParseError('bad-value', offset, 'a line of the signature block is no Base64');
}
