import { describe, expect, test } from 'vitest';
import { pathFilter } from '../../../agent/walk/path-filter.ts';

describe('pathFilter', () => {
  test.each([
    { include: ['*.exe'], file: '/a/b/tvnserver.exe', passes: true },
    { include: ['*.exe'], file: '/a/b/tvnserver.dll', passes: false },
    { include: ['*.exe', '*.dll'], file: '/a/b/tvnserver.dll', passes: true },
    { include: ['*.exe'], file: '/a/.hidden/.b.exe', passes: true },
    { include: ['TightVNC/*.exe'], file: '/opt/TightVNC/tvnserver.exe', passes: true },
    { include: ['TightVNC/*.exe'], file: '/opt/TightVNC/old/tvnserver.exe', passes: false },
    { include: ['/opt/**'], file: '/opt/x/y/z.exe', passes: true },
    { include: ['/opt/**/*.exe'], file: '/opt/x/y/z.exe', passes: true },
    { include: ['/opt/**/*.exe'], file: '/mnt/opt/x/z.exe', passes: false },
    { exclude: ['*.{js,ts}'], file: '/a/b.ts', passes: false },
    { exclude: ['*.{js,ts}'], file: '/a/b.tsx', passes: true },
    { exclude: ['/tmp/**'], file: '/tmp/x/y.exe', passes: false },
    { include: ['*.exe'], exclude: ['bad*'], file: '/a/bad.exe', passes: false },
    { exclude: ['*.exe'], file: '/a/line\nbreak.exe', passes: false },
    { include: ['/a/**/*.exe'], file: '/a/line\nbreak/b.exe', passes: true },
  ])(
    'include $include exclude $exclude: $file passes: $passes',
    ({ include = [], exclude = [], file, passes }) => {
      expect(pathFilter(include, exclude).passesFile(file)).toBe(passes);
    },
  );

  test.each([
    { exclude: ['node_modules'], directory: '/a/node_modules', enters: false },
    { exclude: ['node_modules/'], directory: '/a/node_modules', enters: false },
    { exclude: ['/a/b/**'], directory: '/a/b', enters: false },
    { exclude: ['/a/b'], directory: '/a/bc', enters: true },
  ])('exclude $exclude: enters $directory: $enters', ({ exclude, directory, enters }) => {
    expect(pathFilter([], exclude).entersDirectory(directory)).toBe(enters);
  });
});
