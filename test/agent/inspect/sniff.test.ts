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
  { name: 'a 7z archive', hex: '377abcaf271c0004', kind: 'archive' },
  { name: 'a rar archive', hex: '526172211a070100', kind: 'archive' },
  { name: 'a gzip file with its name', hex: '1f8b080800000000', kind: 'archive' },
  { name: 'an xz file', hex: 'fd377a585a000004', kind: 'archive' },
  { name: 'a bzip2 file', hex: '425a6839314159265359', kind: 'archive' },
  { name: 'a zstd file', hex: '28b52ffd04', kind: 'archive' },
  { name: 'a tar archive', hex: `61${'00'.repeat(256)}7573746172003030`, kind: 'archive' },
  { name: 'a wim image', hex: '4d5357494d000000d0', kind: 'disk-image' },
  { name: 'a vhdx image', hex: '7668647866696c654d00', kind: 'disk-image' },
  { name: 'a vhd image that grows', hex: '636f6e656374697800000002', kind: 'disk-image' },
  { name: 'a vmdk image', hex: '4b444d5601000000', kind: 'disk-image' },
  {
    name: 'the text of a vmdk',
    hex: '23204469736b2044657363726970746f7246696c65',
    kind: 'disk-image',
  },
  { name: 'a qcow2 image', hex: '514649fb00000003', kind: 'disk-image' },
  { name: 'the start of a vhdx magic and no more', hex: '7668647866', kind: 'other' },
  { name: 'text', hex: '68656c6c6f', kind: 'other' },
])('takes $name for $kind', ({ hex, kind }) => {
  expect(sniff(Buffer.from(hex, 'hex'))).toBe(kind);
});
