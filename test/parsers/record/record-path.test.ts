import { expect, test } from 'vitest';
import { recordPath } from '../../../parsers/record/record-path.ts';

test.each([
  { FolderPath: '/srv/x', FileName: 'a', path: '/srv/x/a' },
  { FolderPath: '/', FileName: 'a', path: '/a' },
  { FolderPath: 'C:\\Windows', FileName: 'a.exe', path: 'C:\\Windows\\a.exe' },
  { FolderPath: 'c:\\', FileName: 'a.exe', path: 'c:\\a.exe' },
  { FolderPath: '\\\\server\\share', FileName: 'a.exe', path: '\\\\server\\share\\a.exe' },
  { FolderPath: '\\\\?\\C:\\x', FileName: 'a.exe', path: '\\\\?\\C:\\x\\a.exe' },
  { FolderPath: '/mnt/C:\\x', FileName: 'b\\c', path: '/mnt/C:\\x/b\\c' },
  { FolderPath: null, FileName: 'a', path: 'a' },
])('$path is spelled as its own system spells it', ({ path, ...record }) => {
  expect(recordPath(record)).toBe(path);
});
