import { describe, expect, test } from 'vitest';
import { absoluteWords } from '../../../agent/live/absolute-words.ts';
import { windowsPaths } from '../../../agent/live/windows-paths.ts';

describe('the absolute paths of a command', () => {
  test.each([
    { name: 'the program', command: '/opt/a.exe --service', paths: ['/opt/a.exe'] },
    { name: 'special prefixes', command: '-@+/opt/a.exe', paths: ['/opt/a.exe'] },
    { name: 'quoted blanks', command: '"/opt/a b.exe" \'/c d\'', paths: ['/opt/a b.exe', '/c d'] },
    { name: 'escaped blanks', command: '/opt/a\\ b.exe x', paths: ['/opt/a b.exe'] },
    { name: 'what an interpreter runs', command: 'wine /x.exe', paths: ['/x.exe'] },
    { name: 'a quote without end', command: '/opt/a "/b c', paths: ['/opt/a', '/b c'] },
    { name: 'none', command: 'true; relative/path', paths: [] },
  ])('$name', ({ command, paths }) => {
    expect(absoluteWords(command)).toEqual(paths);
  });
});

describe('the paths of a Windows command', () => {
  const environment = { SystemRoot: 'C:\\Windows', ProgramFiles: 'C:\\Program Files' };
  const tvnserver = 'c:\\program files\\tightvnc\\tvnserver.exe';
  test.each([
    {
      name: 'quoted',
      command: '"C:\\Program Files\\TightVNC\\tvnserver.exe" -service',
      paths: [tvnserver],
    },
    {
      name: 'unquoted with blanks',
      command: 'C:\\Program Files\\TightVNC\\tvnserver.exe -service',
      paths: [tvnserver],
    },
    { name: 'variables', command: '%programfiles%\\TightVNC\\tvnserver.exe', paths: [tvnserver] },
    { name: 'the prefix of the object manager', command: '\\??\\C:\\a.sys', paths: ['c:\\a.sys'] },
    {
      name: 'SystemRoot as drivers write it',
      command: '\\SystemRoot\\x.sys',
      paths: ['c:\\windows\\x.sys'],
    },
    { name: 'a folder above', command: '"C:\\a\\..\\b.exe"', paths: ['c:\\b.exe'] },
    {
      name: 'what a host is given',
      command: 'C:\\Windows\\rundll32.exe "C:\\t v\\hook.dll",Start',
      paths: ['c:\\t v\\hook.dll', 'c:\\windows\\rundll32.exe'],
    },
    { name: 'an unknown variable', command: '%NOPE%\\a.exe', paths: [] },
    { name: 'none', command: 'svchost', paths: [] },
  ])('$name', ({ command, paths }) => {
    expect(windowsPaths(command, environment)).toEqual(paths);
  });
});
