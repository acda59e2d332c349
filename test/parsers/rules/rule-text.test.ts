import { expect, test } from 'vitest';
import { readRuleText } from '../../../parsers/rules/rule-text.ts';

const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');

test.each([
  ['UTF-8', Buffer.from('id: DWSNET OÜ'), 'id: DWSNET OÜ', []],
  ['UTF-8 with its mark, which the parser reports', Buffer.from('\uFEFFid'), '\uFEFFid', []],
  ['UTF-16 of PowerShell', utf16('id: OÜ'), 'id: OÜ', ['utf-16le was read as text']],
  ['UTF-16, the high byte first', utf16('Ü').swap16(), 'Ü', ['utf-16be was read as text']],
  ['nothing', Buffer.alloc(0), '', []],
])('reads %s', (_name, bytes, text, repairs) => {
  expect(readRuleText(bytes, 'f.yaml')).toEqual({ text, repairs });
});

test.each([
  ['Latin-1: the Ü of DWSNET OÜ would be lost', Buffer.from('OÜ', 'latin1'), 'utf-8'],
  ['a lone surrogate in UTF-16', Buffer.from([0xff, 0xfe, 0x00, 0xd8]), 'utf-16le'],
])('refuses %s', (_name, bytes, encoding) => {
  expect(() => readRuleText(bytes, 'f.yaml')).toThrow(
    expect.objectContaining({
      name: 'RuleError',
      message: `f.yaml:1:1: not ${encoding}: save it as UTF-8`,
    }),
  );
});
