import { describe, expect, test } from 'vitest';
import { stripElf } from '../../build/package/strip-elf.ts';

const HEADER_SIZE = 64;

interface TestSection {
  readonly type?: number;
  readonly flags?: number;
  readonly bytes: string;
  readonly link?: number;
}

/** A 64-bit ELF file of a null section and `sections`, of which the last holds the names. */
function elf(sections: readonly TestSection[]): Buffer {
  const body = Buffer.from(sections.map(({ bytes }) => bytes).join(''));
  const file = Buffer.alloc(HEADER_SIZE + body.length + 64 * (sections.length + 1));
  file.write('\x7fELF\x02\x01', 'latin1');
  body.copy(file, HEADER_SIZE);
  const start = HEADER_SIZE + body.length;
  file.writeBigUInt64LE(BigInt(start), 0x28);
  file.writeUInt16LE(64, 0x3a);
  file.writeUInt16LE(sections.length + 1, 0x3c);
  file.writeUInt16LE(sections.length, 0x3e);
  let offset = HEADER_SIZE;
  for (const [index, { type = 1, flags = 0, bytes, link = 0 }] of sections.entries()) {
    const at = start + 64 * (index + 1);
    file.writeUInt32LE(type, at + 4);
    file.writeBigUInt64LE(BigInt(flags), at + 8);
    file.writeBigUInt64LE(BigInt(offset), at + 24);
    file.writeBigUInt64LE(BigInt(bytes.length), at + 32);
    file.writeUInt32LE(link, at + 40);
    offset += bytes.length;
  }
  return file;
}

const LOADED = { flags: 2 };

describe('stripping an ELF file', () => {
  test('keeps what is loaded in its place, drops the rest, and finds its names again', () => {
    const file = elf([
      { ...LOADED, bytes: 'code' },
      { ...LOADED, bytes: 'data', link: 1 },
      { bytes: 'debug, debug' },
      { type: 2, bytes: 'symbols' },
      { type: 3, bytes: 'names' },
    ]);
    const stripped = Buffer.from(stripElf(file));
    expect(stripped.toString('latin1', HEADER_SIZE, HEADER_SIZE + 13)).toBe('codedatanames');
    expect(stripped.includes('debug')).toBe(false);
    expect(stripped.includes('symbols')).toBe(false);
    expect(stripped.readUInt16LE(0x3c)).toBe(4);
    expect(stripped.readUInt16LE(0x3e)).toBe(3);
    const headers = Number(stripped.readBigUInt64LE(0x28));
    expect(headers % 8).toBe(0);
    expect(stripped.length).toBe(headers + 4 * 64);
    expect(stripped.readBigUInt64LE(headers + 3 * 64 + 24)).toBe(BigInt(HEADER_SIZE + 8));
  });

  test('does not count bytes that only memory has', () => {
    const bss = { type: 8, ...LOADED, bytes: '' };
    const file = elf([{ ...LOADED, bytes: 'code' }, bss, { bytes: 'debug' }, { bytes: 'names' }]);
    const start = Number(file.readBigUInt64LE(0x28));
    file.writeBigUInt64LE(1n << 40n, start + 2 * 64 + 32);
    expect(Buffer.from(stripElf(file)).toString('latin1', HEADER_SIZE, HEADER_SIZE + 9)).toBe(
      'codenames',
    );
  });

  test.each([
    { name: 'text', file: Buffer.from('#!/bin/sh\n'), message: /not a 64-bit/ },
    { name: 'nothing that is loaded', file: elf([{ bytes: 'names' }]), message: /no loaded/ },
    {
      name: 'a loaded section that refers to a dropped one',
      file: elf([{ ...LOADED, bytes: 'code', link: 2 }, { bytes: 'debug' }, { bytes: 'names' }]),
      message: /refers to one that is not loaded/,
    },
  ])('refuses $name', ({ file, message }) => {
    expect(() => stripElf(file)).toThrow(message);
  });
});
