import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { imageLinks } from '../../../agent/mounted/image-links.ts';
import { openImage } from '../../../agent/mounted/mounted-image.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';

const folder = temporaryFolder();
const outside = path.join(folder, 'outside');
writeTree(outside, { 'secret.exe': '' });

/** An image with one link `start/link`, and where following it leads. */
function lead(name: string, target: string, files: Record<string, string>): string | undefined {
  const root = path.join(folder, name);
  writeTree(root, { ...files, 'start/here.txt': '' });
  symlinkSync(target, path.join(root, 'start', 'link'));
  const image = openImage(root, undefined);
  const place = imageLinks(image)(path.join(image.folder, 'start/link'));
  return place && path.relative(image.folder, place);
}

const windows = { 'Windows/System32/a.dll': '', 'Users/Ann/tool.exe': '' };
const posix = { 'etc/hosts': '', 'opt/tool': '' };

describe('a link in an image of Windows', () => {
  test.each([
    { name: 'a junction of its drive', target: 'C:\\Users', place: 'Users' },
    { name: 'one with its mark', target: '\\??\\C:\\Users\\Ann', place: 'Users/Ann' },
    { name: 'one with slashes, in another case', target: '//?/c:/users/ANN', place: 'Users/Ann' },
    { name: 'the drive itself', target: 'C:\\', place: '' },
    { name: 'relative', target: '..\\Users\\Ann', place: 'Users/Ann' },
    { name: 'relative with slashes', target: '../Users/Ann/tool.exe', place: 'Users/Ann/tool.exe' },
    { name: 'above the top', target: '../../../../Users', place: 'Users' },
    { name: 'another drive', target: 'D:\\Users', place: undefined },
    { name: 'a path of this machine', target: outside, place: undefined },
    { name: 'a share', target: '\\\\server\\share', place: 'ENOENT' },
  ])('$name', ({ name, target, place }) => {
    const follow = () => lead(`w ${name}`, target, windows);
    if (place === 'ENOENT')
      expect(follow).toThrow(expect.objectContaining({ code: place }) as Error);
    else expect(follow()).toBe(place);
  });

  test('a path of this machine that lies in the image', () => {
    expect(lead('w inside', path.join(folder, 'w inside', 'Users'), windows)).toBe('Users');
  });
});

describe('a link in an image of a POSIX system', () => {
  test.each([
    { name: 'absolute: from the top of the image', target: '/opt/tool', place: 'opt/tool' },
    { name: 'above the top', target: '../../../opt', place: 'opt' },
    { name: 'to a name with a drive', target: '/opt/../etc/hosts', place: 'etc/hosts' },
  ])('$name', ({ name, target, place }) => {
    expect(lead(`p ${name}`, target, posix)).toBe(place);
  });

  test.each([
    {
      name: 'a path that only this machine has',
      target: path.join(outside, 'secret.exe'),
      code: 'ENOENT',
    },
    { name: 'itself', target: 'link', code: 'ELOOP' },
  ])('leads nowhere: $name', ({ name, target, code }) => {
    expect(() => lead(`p ${name}`, target, posix)).toThrow(
      expect.objectContaining({ code }) as Error,
    );
  });

  test('by way of other links', () => {
    const root = path.join(folder, 'chain');
    writeTree(root, posix);
    symlinkSync('/opt', path.join(root, 'alias'));
    symlinkSync(outside, path.join(root, 'trap'));
    expect(lead('chain', '/alias/tool', posix)).toBe('opt/tool');
    const image = openImage(root, undefined);
    expect(() => imageLinks(image)(path.join(image.folder, 'trap/secret.exe'))).toThrow('ENOENT');
  });
});
