import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readScript } from '../../../parsers/script/read-script.ts';
import { type ScriptStyle, scriptStyleOf } from '../../../parsers/script/script-style.ts';
import { haveShared } from '../../corpus.ts';
import { buildSignature } from '../authenticode/signature-builder.ts';
import { readCorpusBytes } from '../read-corpus-file.ts';
import { verifyFile } from '../read-signed-file.ts';
import { sweep } from '../sweep.ts';

function styleOf(name: string): ScriptStyle {
  return scriptStyleOf(name) ?? expect.fail(`${name} is no script`);
}

/** The block as signing writes it, with the line break before it. */
function block(style: ScriptStyle, digest: string): string {
  const pkcs7 = buildSignature({ digest: Buffer.from(digest, 'hex') });
  const base64 = Buffer.from(pkcs7).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  const body = lines.map((line) => style.prefix + line + style.suffix);
  return ['', style.firstLine, ...body, style.lastLine, ''].join('\r\n');
}

function utf16Digest(text: string): string {
  return hash('sha256', Buffer.from(text, 'utf16le'));
}

/** As the scripting host digests: the number of characters follows the text. */
function wshDigest(text: string): string {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return hash('sha256', Buffer.concat([Buffer.from(text, 'utf16le'), length]));
}

function isIntact(bytes: Uint8Array, style: ScriptStyle): boolean {
  const reports = verifyFile(readScript(bytes, style));
  expect(reports).toHaveLength(1);
  return reports.every(({ findings }) =>
    findings.every(({ code }) => code !== 'TRUST_E_BAD_DIGEST'),
  );
}

const ps1 = styleOf('x.ps1');
const TEXT = 'Write-Host "Größe € 株式会社"\r\n';
const signed = TEXT + block(ps1, utf16Digest(TEXT));
const signedMarked = TEXT + block(ps1, utf16Digest(`\ufeff${TEXT}`));
const ANSI = 'Write-Host "Größe"\r\n';

describe('a PowerShell script', () => {
  test.each([
    { name: 'UTF-8', bytes: Buffer.from(signed) },
    {
      name: 'UTF-8 with a byte order mark, which is digested',
      bytes: Buffer.from(`\ufeff${signedMarked}`),
    },
    { name: 'UTF-16, little-endian', bytes: Buffer.from(`\ufeff${signedMarked}`, 'utf16le') },
    { name: 'UTF-16, big-endian', bytes: Buffer.from(`\ufeff${signedMarked}`, 'utf16le').swap16() },
    { name: 'Windows-1252', bytes: Buffer.from(ANSI + block(ps1, utf16Digest(ANSI)), 'latin1') },
    {
      name: 'UTF-8 that was signed as Windows-1252',
      bytes: Buffer.from(ANSI + block(ps1, utf16Digest('Write-Host "GrÃ¶ÃŸe"\r\n'))),
    },
    { name: 'line feeds alone', bytes: Buffer.from(withLineFeeds(ANSI, ps1)) },
    { name: 'blank lines after the block', bytes: Buffer.from(`${signed}\r\n \r\n`) },
    { name: 'no line break after the block', bytes: Buffer.from(signed.trimEnd()) },
  ])('is digested as UTF-16: $name', ({ bytes }) => {
    expect(isIntact(bytes, ps1)).toBe(true);
  });

  test.each([
    { name: 'a changed letter', bytes: Buffer.from(signed.replace('Host', 'Hose')) },
    { name: 'code after the block', bytes: Buffer.from(`${signed}Remove-Item *\r\n`) },
    { name: 'code before the text', bytes: Buffer.from(`Remove-Item *\r\n${signed}`) },
    {
      name: 'a second block after code',
      bytes: Buffer.from(`${signed}evil\r\n${block(ps1, utf16Digest(TEXT))}`),
    },
    { name: 'a byte order mark that was not signed', bytes: Buffer.from(`\ufeff${signed}`) },
  ])('has a wrong digest with $name', ({ bytes }) => {
    expect(isIntact(bytes, ps1)).toBe(false);
  });

  test.each([
    { name: 'no block', text: TEXT },
    {
      name: 'a block that begins the file, with nothing to sign before it',
      text: block(ps1, '00').slice(2),
    },
    { name: 'a first line that goes on', text: signed.replace('block\r\n', 'block, really\r\n') },
    {
      name: 'a first line that is indented',
      text: signed.replace('\r\n# SIG # Begin', '\r\n # SIG # Begin'),
    },
    { name: 'the block of another kind of script', text: TEXT + block(styleOf('x.vbs'), '00') },
  ])('is unsigned with $name', ({ text }) => {
    expect(readScript(Buffer.from(text), ps1)).toMatchObject({ signatures: [], problems: [] });
  });

  test.each([
    { name: 'no last line', text: signed.replace('SIG # End', 'SIG # Fin'), code: 'truncated' },
    {
      name: 'a line without its prefix',
      text: signed.replace(/\r\n# MII/, '\r\nMII'),
      code: 'bad-value',
    },
    {
      name: 'a letter that is not Base64',
      text: signed.replace(/\r\n# MII/, '\r\n# M!I'),
      code: 'bad-value',
    },
  ])('is refused with $name', ({ text, code }) => {
    const offset = Buffer.byteLength(`${TEXT}\r\n`);
    expect(() => readScript(Buffer.from(text), ps1)).toThrow(
      expect.objectContaining({ name: 'ParseError', code, offset }),
    );
  });

  test('that is damaged gives a value or a ParseError', () => {
    const tried = sweep(Buffer.from(signed), (bytes) => verifyFile(readScript(bytes, ps1)), 7);
    expect(tried).toBeGreaterThan(300);
  });
});

/** No oracle: no tool at hand signs these, or reads them. The rules are jsign's, which signtool's files confirm to it. */
describe.skipIf(!haveShared())('a script of the scripting host (no oracle)', () => {
  test.each([
    { file: 'jsign/hello-world.vbs' },
    { file: 'jsign/hello-world.js' },
    { file: 'osslsigncode/files/unsigned.js' },
  ])('$file is digested as UTF-16 with its length after it', ({ file }) => {
    const style = styleOf(file);
    const text = readCorpusBytes(file).toString();
    const script = text + block(style, wshDigest(text));
    expect(isIntact(Buffer.from(script), style)).toBe(true);
    expect(isIntact(Buffer.from(`\ufeff${script}`), style)).toBe(true); // the mark is not digested
    expect(isIntact(Buffer.from(`${script}' evil\r\n`), style)).toBe(false);
    expect(isIntact(Buffer.from(text + block(style, utf16Digest(text))), style)).toBe(false);
  });

  test('jsign/hello-world.wsf is digested with what follows the block inside the job', () => {
    const style = styleOf('hello-world.wsf');
    const text = readCorpusBytes('jsign/hello-world.wsf').toString();
    const at = text.lastIndexOf('</job>');
    const script = text.slice(0, at) + block(style, wshDigest(text)) + text.slice(at);
    expect(isIntact(Buffer.from(script), style)).toBe(true);
    expect(isIntact(Buffer.from(script.replace('</job>', '</job><job/>')), style)).toBe(false);
  });
});

describe('scriptStyleOf', () => {
  test.each([
    { name: 'A.PS1', firstLine: '# SIG # Begin signature block' },
    { name: 'x.format.ps1xml', firstLine: '<!-- SIG # Begin signature block -->' },
    { name: 'x.mof', firstLine: '/* SIG # Begin signature block */' },
    { name: 'x.vbs', firstLine: "'' SIG '' Begin signature block" },
    { name: 'x.js', firstLine: '// SIG // Begin signature block' },
    { name: 'x.wsf', firstLine: '<signature>' },
    { name: 'x.ps1.txt', firstLine: undefined },
    { name: 'ps1', firstLine: undefined },
  ])('of $name begins its block by $firstLine', ({ name, firstLine }) => {
    expect(scriptStyleOf(name)?.firstLine).toBe(firstLine);
  });
});

function withLineFeeds(text: string, style: ScriptStyle): string {
  const unix = text.replaceAll('\r', '');
  return unix + block(style, utf16Digest(unix)).replaceAll('\r', '');
}
