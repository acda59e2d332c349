import { expect, test } from 'vitest';
import { TextPage } from '../../../agent/report/text-page.ts';

test('lines break between words, and go on where the value began', () => {
  const page = new TextPage();
  page.field(1, 'detail', 'word '.repeat(20).trim());
  expect(page.toString()).toBe(
    `  detail      ${'word '.repeat(13).trim()}\n              ${'word '.repeat(7).trim()}\n`,
  );
});

test('a word that is wider than a line stays whole, so that it can be copied', () => {
  const digest = 'ab'.repeat(64);
  const page = new TextPage();
  page.field(1, 'SHA-512', digest);
  expect(page.toString()).toBe(`  SHA-512     ${digest}\n`);
});

test('a heading stands apart, but not at the top', () => {
  const page = new TextPage();
  page.heading('File');
  page.line(1, 'text');
  page.heading('Layout');
  expect(page.toString()).toBe('File\n  text\n\nLayout\n');
});

test('a field without a value is left out', () => {
  const page = new TextPage();
  page.field(1, 'program', null);
  page.field(1, 'signer', '');
  expect(page.toString()).toBe('  signer\n');
});

test.each([
  { name: 'a field', write: (page: TextPage, text: string) => page.field(1, 'signer', text) },
  { name: 'a line', write: (page: TextPage, text: string) => page.line(1, text) },
  { name: 'a heading', write: (page: TextPage, text: string) => page.heading(text) },
])('$name cannot redraw the terminal or forge a line', ({ write }) => {
  const page = new TextPage();
  write(page, 'Evil\u001b[2J\nSignature 0: trusted\u202e');
  expect(
    page
      .toString()
      .trimStart()
      .replace(/^signer +/, ''),
  ).toBe('Evil\\u{1b}[2J\\nSignature 0: trusted\\u{202e}\n');
});
