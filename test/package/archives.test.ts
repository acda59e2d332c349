import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import type { ArchiveFile } from '../../build/package/archive-file.ts';
import { tarGz } from '../../build/package/tar-gz.ts';
import { readTarballMember } from '../../build/package/tarball.ts';
import { zip } from '../../build/package/zip.ts';

const time = new Date('2026-02-03T04:05:06Z');
const files: readonly ArchiveFile[] = [
  { name: 'a-1.0/program', bytes: new Uint8Array(100_000).fill(7), mode: 0o755 },
  { name: 'a-1.0/LICENSE', bytes: Buffer.from('Take it.\n'), mode: 0o644 },
  { name: 'a-1.0/empty', bytes: new Uint8Array(0), mode: 0o644 },
];

describe('a .tar.gz', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-archive-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('unpacks with tar: bytes, permissions and time', () => {
    const archive = path.join(folder, 'a.tar.gz');
    writeFileSync(archive, tarGz(files, time));
    execFileSync('tar', ['--extract', '--file', archive, '--directory', folder]);
    for (const { name, bytes, mode } of files) {
      const file = path.join(folder, name);
      expect(readFileSync(file)).toEqual(Buffer.from(bytes));
      expect(statSync(file).mode & 0o777).toBe(mode);
      expect(statSync(file).mtime).toEqual(time);
    }
  });

  test('is read back by the reader of npm packages', () => {
    const archive = tarGz(files, time);
    expect(readTarballMember(archive, 'a-1.0/LICENSE')).toEqual(files[1]?.bytes);
    expect(readTarballMember(archive, 'a-1.0/missing')).toBeUndefined();
  });

  test('has the same bytes each time, and other ones for another time', () => {
    expect(tarGz(files, time)).toEqual(tarGz(files, time));
    expect(tarGz(files, time)).not.toEqual(tarGz(files, new Date(0)));
  });

  test('refuses a name that its header has no room for', () => {
    const [file] = files as [ArchiveFile];
    expect(() => tarGz([{ ...file, name: 'x'.repeat(101) }], time)).toThrow(/no room/);
  });
});

describe('a .zip', () => {
  test('has a central directory that leads to each file', () => {
    const archive = Buffer.from(zip(files, time));
    const end = archive.length - 22;
    expect(archive.readUInt32LE(end)).toBe(0x06054b50);
    expect(archive.readUInt16LE(end + 10)).toBe(files.length);
    let at = archive.readUInt32LE(end + 16);
    for (const { name, bytes, mode } of files) {
      expect(archive.readUInt32LE(at)).toBe(0x02014b50);
      expect(archive.readUInt16LE(at + 12)).toBe((4 << 11) | (5 << 5) | 3);
      expect(archive.readUInt16LE(at + 14)).toBe((46 << 9) | (2 << 5) | 3);
      expect(archive.readUInt32LE(at + 38)).toBe((0o100000 | mode) * 0x10000);
      expect(archive.toString('latin1', at + 46, at + 46 + name.length)).toBe(name);
      const local = archive.readUInt32LE(at + 42);
      expect(archive.readUInt32LE(local)).toBe(0x04034b50);
      expect(archive.toString('latin1', local + 30, local + 30 + name.length)).toBe(name);
      const start = local + 30 + name.length;
      const packed = archive.subarray(start, start + archive.readUInt32LE(at + 20));
      expect(inflateRawSync(packed)).toEqual(Buffer.from(bytes));
      at += 46 + name.length;
    }
    expect(at).toBe(end);
  });

  test('has the same bytes each time', () => {
    expect(zip(files, time)).toEqual(zip(files, time));
  });
});
