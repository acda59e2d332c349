import { expect, test } from 'vitest';
import { systemProblem } from '../../../agent/inspect/file-error.ts';
import { isLockedBySystem } from '../../../agent/walk/system-locks.ts';

// Not tried on Windows: these are the paths and the codes that its documentation and libuv's source name.
test.each([
  { file: 'C:\\pagefile.sys', code: 'EBUSY', locked: true },
  { file: 'd:\\HIBERFIL.SYS', code: 'EBUSY', locked: true },
  { file: 'C:\\Windows\\System32\\config\\SAM', code: 'EBUSY', locked: true },
  { file: 'C:\\Windows\\System32\\config\\SYSTEM.LOG1', code: 'EBUSY', locked: true },
  { file: 'C:\\Users\\me\\NTUSER.DAT', code: 'EBUSY', locked: true },
  { file: 'C:\\System Volume Information', code: 'EPERM', locked: true },
  { file: 'C:\\pagefile.sys', code: 'EIO', locked: false },
  { file: 'C:\\pagefile.sys', code: 'EPERM', locked: false },
  { file: 'C:\\System Volume Information\\x.exe', code: 'EPERM', locked: false },
  { file: 'C:\\Users\\me\\pagefile.sys', code: 'EBUSY', locked: false },
  { file: 'C:\\pagefile.sys.exe', code: 'EBUSY', locked: false },
  { file: 'C:\\Windows\\System32\\config\\evil.exe', code: 'EBUSY', locked: false },
  { file: 'C:\\Users\\me\\Desktop\\NTUSER.DAT', code: 'EBUSY', locked: false },
  { file: 'C:\\Users\\me\\evil.exe', code: 'EBUSY', locked: false },
])('$file with $code is locked by Windows: $locked', ({ file, code, locked }) => {
  expect(isLockedBySystem(file, code, 'win32')).toBe(locked);
});

test('elsewhere a name excuses nothing', () => {
  expect(isLockedBySystem('C:\\pagefile.sys', 'EBUSY', 'linux')).toBe(false);
  const error = Object.assign(new Error('EBUSY: busy'), { code: 'EBUSY', syscall: 'open' });
  expect(systemProblem('/mnt/pagefile.sys', error).reason).toBe('unreadable');
});
