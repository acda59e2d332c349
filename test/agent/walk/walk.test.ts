import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CommandError } from '../../../agent/exit-status.ts';
import { readablePath } from '../../../agent/walk/disk-path.ts';
import { nothingLeftOut } from '../../../agent/walk/left-out-mounts.ts';
import { pathFilter } from '../../../agent/walk/path-filter.ts';
import { absolutePath, resolveRoots } from '../../../agent/walk/scan-roots.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { walkAll } from './walk-all.ts';

const folder = temporaryFolder();

function makeFolder(name: string): string {
  const made = path.join(folder, name);
  mkdirSync(made, { recursive: true });
  return made;
}

describe('walk', () => {
  test('gives every regular file once, counts links and special files, and follows no link', async () => {
    const root = makeFolder('kinds');
    writeTree(root, { 'a.exe': '', 'sub/b.dll': '', 'sub/deeper/c': '' });
    symlinkSync('.', path.join(root, 'sub', 'loop'));
    symlinkSync('../a.exe', path.join(root, 'sub', 'link.exe'));
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    const server = createServer().listen(path.join(root, 'socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      const { files, tally } = walkAll([root]);
      expect(files).toEqual(
        ['a.exe', 'sub/b.dll', 'sub/deeper/c'].map((file) => path.join(root, file)),
      );
      expect(Object.fromEntries(tally.skipped)).toEqual({ 'symbolic-link': 2, 'special-file': 2 });
      expect(tally).toMatchObject({ entries: 9, directories: 3, unseen: 0 });
    } finally {
      server.close();
    }
  });

  test('keeps names apart that hold line breaks or are not UTF-8, as directories too', () => {
    const root = makeFolder('names');
    for (const name of [Buffer.from('bad\xff', 'latin1'), Buffer.from('bad\xfe', 'latin1')]) {
      const directory = Buffer.concat([Buffer.from(`${root}/`), name]);
      mkdirSync(directory);
      writeFileSync(Buffer.concat([directory, Buffer.from('/line\nbreak')]), '');
    }
    writeTree(root, { '\ufffd.txt': '' });
    expect(walkAll([root]).files.map(readablePath)).toEqual([
      `${root}/bad\\xfe/line\nbreak`,
      `${root}/bad\\xff/line\nbreak`,
      `${root}/\ufffd.txt`,
    ]);
  });

  test('goes 300 folders deep', () => {
    const root = makeFolder('deep');
    writeTree(root, { [`${'d/'.repeat(300)}end`]: '' });
    const { files, tally } = walkAll([root]);
    expect(files).toEqual([`${root}/${'d/'.repeat(300)}end`]);
    expect(tally.directories).toBe(301);
  });

  test('leaves out what is excluded, and counts it', () => {
    const root = makeFolder('excluded');
    writeTree(root, {
      'a.exe': '',
      'b.txt': '',
      'node_modules/c.exe': '',
      'node_modules/d.exe': '',
    });
    const { files, tally } = walkAll([root], { filter: pathFilter(['*.exe'], ['node_modules']) });
    expect(files).toEqual([path.join(root, 'a.exe')]);
    expect(Object.fromEntries(tally.skipped)).toEqual({ excluded: 2 });
  });

  test('lists a virtual file system that it meets, and enters one that was asked for', () => {
    const root = makeFolder('virtual');
    writeTree(root, { 'proc/kcore': '', a: '' });
    const paths = new Map([[path.join(root, 'proc'), 'virtual-file-system'] as const]);
    const leftOut = { ...nothingLeftOut, paths };
    const fromAbove = walkAll([root], { leftOut });
    expect(fromAbove.files).toEqual([path.join(root, 'a')]);
    expect(fromAbove.reasons).toEqual(['virtual-file-system null']);
    expect(walkAll([path.join(root, 'proc')], { leftOut }).files).toHaveLength(1);
  });

  test('lists a folder that is gone when its turn comes', () => {
    const root = makeFolder('gone');
    const missing = { path: path.join(root, 'missing'), kind: 'directory' } as const;
    const { reasons, tally } = walkAll([root], { roots: [missing] });
    expect(reasons).toEqual(['gone ENOENT']);
    expect(tally.unseen).toBe(0);
  });
});

describe('resolveRoots', () => {
  const root = makeFolder('roots');
  writeTree(root, { 'inner/file': '', 'a.exe': '' });
  symlinkSync(root, path.join(folder, 'roots-link'));

  test.each([
    { name: 'a root inside another', paths: ['', 'inner'] },
    { name: 'the same, in the other order', paths: ['inner', ''] },
    { name: 'a root named twice', paths: ['', '.', 'inner/..'] },
    { name: 'a file and the folder that holds it', paths: ['', 'a.exe'] },
    { name: 'a link to a root', paths: ['', '../roots-link', '../roots-link/inner'] },
  ])('scans every file once for $name', ({ paths }) => {
    const { files } = walkAll(paths.map((given) => path.join(root, given)));
    expect(files.map((file) => path.basename(file)).sort()).toEqual(['a.exe', 'file']);
  });

  test('scans an inner root even where the outer walk leaves it out', () => {
    const filter = pathFilter([], [path.join(root, 'inner')]);
    expect(walkAll([root, path.join(root, 'inner')], { filter }).files).toEqual([
      path.join(root, 'a.exe'),
      path.join(root, 'inner/file'),
    ]);
  });

  test('names a file by its own path where it was given by a link: no link is opened', () => {
    symlinkSync(path.join(root, 'a.exe'), path.join(folder, 'link-to-a.exe'));
    expect(resolveRoots([path.join(folder, 'link-to-a.exe')]).roots).toEqual([
      { path: path.join(root, 'a.exe'), kind: 'file' },
    ]);
  });

  test('takes a drive letter for all of the drive', () => {
    expect(absolutePath('C:', path.win32)).toBe('C:\\');
    expect(absolutePath('C:\\Users\\', path.win32)).toBe('C:\\Users');
    expect(absolutePath('\\\\server\\share\\x', path.win32)).toBe('\\\\server\\share\\x');
    expect(absolutePath('C:', path.posix)).toBe(path.posix.join(process.cwd(), 'C:'));
  });

  test('refuses a path that is not there, and one that is neither file nor folder', () => {
    expect(() => resolveRoots([path.join(root, 'nope')])).toThrow(CommandError);
    expect(() => resolveRoots(['/dev/null'])).toThrow('neither a file nor a directory');
  });
});
