import { expect, test } from 'vitest';
import { printable, printableLines } from '../../../parsers/record/printable.ts';

test.each([
  { name: 'plain text', text: 'C:\\Program Files\\TightVNC', shown: 'C:\\Program Files\\TightVNC' },
  {
    name: 'letters of any script',
    text: 'Krämer 株式会社 ГлавСофт',
    shown: 'Krämer 株式会社 ГлавСофт',
  },
  { name: 'a line break', text: 'a\nb\r', shown: 'a\\nb\\r' },
  { name: 'an escape sequence', text: '\u001b[2Jclean', shown: '\\u{1b}[2Jclean' },
  { name: 'a C1 control, which some terminals obey', text: '\u009b2J', shown: '\\u{9b}2J' },
  { name: 'a right-to-left override', text: 'exe.\u202Efdp', shown: 'exe.\\u{202e}fdp' },
  { name: 'a line separator', text: 'a\u2028b', shown: 'a\\u{2028}b' },
  { name: 'a lone surrogate', text: 'a\ud800', shown: 'a\\u{d800}' },
  { name: 'a character outside the BMP', text: '🔒', shown: '🔒' },
])('shows $name', ({ text, shown }) => {
  expect(printable(text)).toBe(shown);
});

test('keeps the line breaks of a message, and nothing else that moves the cursor', () => {
  expect(printableLines('first\u001b[2J\nsecond\r')).toBe('first\\u{1b}[2J\nsecond\\r');
});
