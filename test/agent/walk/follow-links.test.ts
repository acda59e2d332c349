import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { leftOutMounts } from '../../../agent/walk/left-out-mounts.ts';
import { isWithinItself, realPath } from '../../../agent/walk/linked-places.ts';
import { type PathFilter, pathFilter } from '../../../agent/walk/path-filter.ts';
import type { WalkOptions } from '../../../agent/walk/walk.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { walkAll } from './walk-all.ts';

const folder = temporaryFolder();

/** A folder of one test with `files` and `links`, all by their paths below it. */
function makeTree(
  name: string,
  files: readonly string[],
  links: Readonly<Record<string, string>>,
): string {
  const root = path.join(folder, name);
  writeTree(root, Object.fromEntries(files.map((file) => [file, ''])));
  for (const [link, target] of Object.entries(links)) {
    mkdirSync(path.dirname(path.join(root, link)), { recursive: true });
    symlinkSync(target, path.join(root, link));
  }
  return root;
}

function follow(root: string, from: string[] = [''], options: Partial<WalkOptions> = {}) {
  const places = from.map((place) => path.join(root, place));
  const { files, tally, reasons } = walkAll(places, { resolveLink: realPath, ...options });
  const skipped = Object.fromEntries(tally.skipped);
  return { files: files.map((file) => path.relative(root, file)), skipped, reasons };
}

/** A link to `/` is to be followed here, and not the whole machine read. */
function onlyBelow(root: string): PathFilter {
  const isNear = (place: string) => root.startsWith(place) || place.startsWith(root);
  return { entersDirectory: isNear, passesFile: isNear };
}

describe('with --follow-links', () => {
  test('what links lead to is passed on once, by its own path', () => {
    const root = makeTree('once', ['in/a.exe', 'out/b.exe', 'out/sub/c.exe', 'far/d.exe'], {
      'in/to-folder': '../out',
      'in/again': '../out',
      'in/below': '../out/sub',
      'in/to-file': '../far/d.exe',
      'in/to-file-again': '../far/d.exe',
      'in/to-linked-file': '../out/b.exe',
      'in/to-own-file': 'a.exe',
    });
    expect(follow(root, ['in'])).toEqual({
      files: ['far/d.exe', 'in/a.exe', 'out/b.exe', 'out/sub/c.exe'],
      skipped: { 'already-seen': 3 }, // below, to-linked-file, to-own-file; places named twice are one place
      reasons: [],
    });
  });

  test('loops end: to itself, to a parent, in a ring, and through links in what was linked', () => {
    const root = makeTree('loops', ['in/deep/a.exe', 'ring/one/b.exe', 'ring/two/c.exe'], {
      'in/self': '.',
      'in/deep/up': '../..',
      'in/deep/top': '/',
      'in/ring': '../ring/one',
      'ring/one/next': '../two',
      'ring/two/next': '../one',
      'in/circle': 'circle',
    });
    const all = follow(root, ['in'], { filter: onlyBelow(root) });
    expect(all.files).toEqual(['in/deep/a.exe', 'ring/one/b.exe', 'ring/two/c.exe']);
    expect(all.skipped).toMatchObject({ 'broken-link': 1 });
  });

  test('a link that leads nowhere is counted, and one to a pipe as what it is', () => {
    const root = makeTree('broken', ['a.exe'], {
      nowhere: 'nothing',
      'through-a-file': 'a.exe/b',
      'to-pipe': 'pipe',
    });
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    expect(follow(root)).toEqual({
      files: ['a.exe'],
      skipped: { 'broken-link': 2, 'special-file': 2 },
      reasons: [],
    });
  });

  test('what is excluded stays excluded by whatever path it is reached, and the link may be excluded, too', () => {
    const root = makeTree('excluded', ['in/a.exe', 'out/b.exe', 'no/c.exe', 'no/deep/d.exe'], {
      'in/out': '../out',
      'in/no': '../no',
      'in/deep': '../no/deep',
      'in/d': '../no/deep/d.exe',
      'in/skipped-link': '../out/b.exe',
    });
    const filter = pathFilter([], ['no', 'skipped-link']);
    expect(follow(root, ['in'], { filter })).toEqual({
      files: ['in/a.exe', 'out/b.exe'],
      skipped: { excluded: 4 },
      reasons: [],
    });
  });

  test('--include asks for the name of the file, not for that of the link', () => {
    const root = makeTree('include', ['in/a.exe', 'out/b.exe', 'out/c.txt'], {
      'in/b': '../out/b.exe',
      'in/c.exe': '../out/c.txt',
    });
    const { files, skipped } = follow(root, ['in'], { filter: pathFilter(['*.exe'], []) });
    expect({ files, skipped }).toEqual({
      files: ['in/a.exe', 'out/b.exe'],
      skipped: { excluded: 1 },
    });
  });

  test('two roots that link to each other are walked once each', () => {
    const root = makeTree('roots', ['one/a.exe', 'two/b.exe', 'c.exe'], {
      'one/two': '../two',
      'two/one': '../one',
      'one/c': '../c.exe',
    });
    expect(follow(root, ['one', 'two', 'c.exe']).files).toEqual([
      'c.exe',
      'one/a.exe',
      'two/b.exe',
    ]);
  });

  test('a link that its resolver leaves alone is counted as not followed', () => {
    const root = makeTree('alone', ['in/a.exe', 'out/b.exe'], { 'in/out': '../out' });
    expect(follow(root, ['in'], { resolveLink: () => undefined })).toMatchObject({
      files: ['in/a.exe'],
      skipped: { 'symbolic-link': 1 },
    });
  });

  test('no link leads into a made-up file system, or off the disk with --one-file-system', () => {
    const root = makeTree('proc', ['a.exe'], { proc: '/proc', cpu: '/proc/cpuinfo' });
    const { files, reasons } = follow(root, [''], { leftOut: leftOutMounts() });
    expect(files).toEqual(['a.exe']);
    expect(reasons).toEqual(['virtual-file-system null', 'virtual-file-system null']);
    expect(follow(root, [''], { oneFileSystem: true }).reasons).toEqual([
      'other-file-system null',
      'other-file-system null',
    ]);
  });
});

test('a directory within itself is noticed: a mounted volume on Windows, a link here', () => {
  const root = makeTree('within', ['a/b/c'], { 'a/b/up': '..', 'a/b/beside': '../../a/b/c' });
  expect(isWithinItself(path.join(root, 'a/b/up'))).toBe(true);
  expect(isWithinItself(path.join(root, 'a/b'))).toBe(false);
});
