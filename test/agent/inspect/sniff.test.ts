import { expect, test } from 'vitest';
import { sniff } from '../../../agent/inspect/sniff.ts';

test.each([
  { name: 'nothing', hex: '', kind: 'empty' },
  { name: 'three bytes', hex: '4d5a90', kind: 'other' },
  { name: 'MZ', hex: '4d5a9000', kind: 'mz' },
  { name: 'an OLE compound file', hex: 'd0cf11e0a1b11ae1', kind: 'compound' },
  { name: 'a cabinet', hex: '4d53434600000000', kind: 'cab' },
  { name: 'a zip archive', hex: '504b030414000000', kind: 'zip' },
  { name: 'an ELF file', hex: '7f454c4602010100', kind: 'elf' },
  { name: 'a script', hex: '23212f62696e2f7368', kind: 'script' },
  {
    name: 'a security catalog',
    hex: '3082208906092a864886f70d010702a082207a30822076020101310b300906052b0e03021a0500308217c606092b0601040182370a01a08217b7',
    kind: 'catalog',
  },
  {
    name: 'another PKCS#7',
    hex: '3082208906092a864886f70d010702a082207a308220760201',
    kind: 'pkcs7',
  },
  { name: 'DER of another kind', hex: '308203e1308202c9a003020102', kind: 'other' },
  { name: 'text', hex: '68656c6c6f', kind: 'other' },
])('takes $name for $kind', ({ hex, kind }) => {
  expect(sniff(Buffer.from(hex, 'hex'))).toBe(kind);
});
