import { FILE_START, RuleError } from './hunting-rule.ts';

export interface RuleText {
  readonly text: string;
  /** What had to be put right to read it, a sentence each. */
  readonly repairs: readonly string[];
}

/**
 * A rule file's bytes as text: UTF-8, or UTF-16 with a byte order mark, which Windows PowerShell writes. Other bytes are an
 * error: a signer's name with a wrong letter would match nothing. A mark before UTF-8 is left for the parser to report.
 */
export function readRuleText(bytes: Uint8Array, fileName: string): RuleText {
  const encoding = encodingOf(bytes);
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true, ignoreBOM: encoding === 'utf-8' }).decode(
      bytes,
    );
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new RuleError(fileName, FILE_START, undefined, `not ${encoding}: save it as UTF-8`);
  }
  return { text, repairs: encoding === 'utf-8' ? [] : [`${encoding} was read as text`] };
}

function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}
