import { describe, expect, test } from 'vitest';
import { CERTIFICATE_LABELS, CRL_LABELS, parsePem } from '../../../parsers/x509/pem.ts';
import { sweep } from '../sweep.ts';

const one = block('CERTIFICATE', 'AQID');
const two = block('CERTIFICATE', 'BAUGBw==');
const [ONE, TWO] = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6, 7)];

function block(label: string, content: string): string {
  return `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`;
}

describe('parsePem gives', () => {
  test.each([
    { name: 'nothing for an empty text', text: '', blocks: [] },
    { name: 'nothing for a text without blocks', text: 'subject=CN=x\n', blocks: [] },
    { name: 'every block in order', text: one + two, blocks: [ONE, TWO] },
    { name: 'blocks between explanations', text: `# a\n${one}b\n\n${two}c`, blocks: [ONE, TWO] },
    { name: 'a block of several lines', text: block('CERTIFICATE', 'AQ\nID'), blocks: [ONE] },
    { name: 'lines that end in CR LF', text: one.replaceAll('\n', '\r\n'), blocks: [ONE] },
    { name: 'the older labels', text: block('X509 CERTIFICATE', 'AQID'), blocks: [ONE] },
    { name: 'no keys', text: block('PRIVATE KEY', 'Proc-Type: x') + one, blocks: [ONE] },
    { name: 'no revocation lists', text: block('X509 CRL', 'AQID'), blocks: [] },
    { name: 'no words about BEGIN in a line', text: `see -----BEGIN X\n${one}`, blocks: [ONE] },
  ])('$name', ({ text, blocks }) => {
    expect(parsePem(text, CERTIFICATE_LABELS)).toEqual(blocks);
  });

  test('revocation lists where they are asked for', () => {
    expect(parsePem(one + block('X509 CRL', 'BAUGBw=='), CRL_LABELS)).toEqual([TWO]);
  });
});

describe('parsePem refuses', () => {
  test.each([
    { name: 'a block without its end', text: `${one}-----BEGIN CERTIFICATE-----\nAQID\n`, at: 59 },
    { name: 'an end of another kind', text: one.replace('END CERT', 'END X'), at: 0 },
    { name: 'a block inside another', text: `-----BEGIN CERTIFICATE-----\n${one}`, at: 0 },
  ])('$name as truncated', ({ text, at }) => {
    expect(() => parsePem(text, CERTIFICATE_LABELS)).toThrow(
      expect.objectContaining({ name: 'ParseError', code: 'truncated', offset: at }),
    );
  });

  test.each([
    { name: 'no content', text: block('CERTIFICATE', '') },
    { name: 'a letter that is no base64', text: block('CERTIFICATE', 'AQ!D') },
    { name: 'a letter too few', text: block('CERTIFICATE', 'AQI') },
    { name: 'content after the padding', text: block('CERTIFICATE', 'AQ==AQID') },
    { name: 'a BEGIN line that breaks off', text: '-----BEGIN CERTIFICATE\nAQID' },
  ])('$name as a bad value', ({ text }) => {
    expect(() => parsePem(text, CERTIFICATE_LABELS)).toThrow(
      expect.objectContaining({ name: 'ParseError', code: 'bad-value', offset: 0 }),
    );
  });

  test('more blocks than any bundle has', () => {
    expect(() => parsePem(one.repeat(20_001), CERTIFICATE_LABELS)).toThrow(
      expect.objectContaining({ code: 'too-many' }),
    );
  });
});

test('parsePem throws nothing but ParseError for damaged text', () => {
  const bytes = Buffer.from(`text\n${one}${two}`);
  const parse = (damaged: Uint8Array) =>
    parsePem(Buffer.from(damaged).toString('latin1'), CERTIFICATE_LABELS);
  expect(sweep(bytes, parse)).toBe(bytes.length * 4);
});
