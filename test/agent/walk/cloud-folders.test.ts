import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { cloudFolders, isCloudOnly, parseSyncRoots } from '../../../agent/walk/cloud-folders.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { walkAll } from './walk-all.ts';

const KEY =
  'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Explorer\\SyncRootManager\\OneDrive!S-1-5-21-1-2-3-1001!Personal';

// As reg.exe prints them by its documentation; not tried on Windows.
const OUTPUT = `
${KEY}
    DisplayNameResource    REG_EXPAND_SZ    OneDrive
    S-1-5-21-1-2-3-1001    REG_SZ    C:\\NotAUserRoot

${KEY}\\UserSyncRoots
    S-1-5-21-1-2-3-1001    REG_SZ    C:\\Users\\me\\OneDrive - A (B) Corp.\\
    S-1-5-21-1-2-3-1002    REG_SZ    C:\\Users\\J\ufffdrg\\Dropbox
    Other    REG_SZ    C:\\Elsewhere

End of search: 3 match(es) found.
`.replaceAll('\n', '\r\n');

describe('the folders of cloud services', () => {
  test.each([
    { folder: 'C:\\Users\\me\\OneDrive - A (B) Corp.', has: true },
    { folder: 'c:\\users\\ME\\onedrive - a (b) corp.\\Deep\\Down', has: true },
    { folder: 'C:\\Users\\me\\OneDrive - A (B) Corp.old', has: false },
    { folder: 'C:\\Users\\me\\OneDrive - A (B) CorpX', has: false },
    { folder: 'C:\\Users\\Jörg\\Dropbox\\x', has: true },
    { folder: 'C:\\Users\\J\\rg\\Dropbox', has: false },
    { folder: 'C:\\Users\\me', has: false },
    { folder: 'C:\\NotAUserRoot', has: false },
    { folder: 'C:\\Elsewhere', has: false },
  ])('hold $folder: $has', async ({ folder, has }) => {
    const folders = await cloudFolders(async () => OUTPUT);
    expect(folders.has(folder)).toBe(has);
  });

  test('are none off Windows, and none in nonsense', async () => {
    expect((await cloudFolders()).has('/home')).toBe(false);
    expect(parseSyncRoots('UserSyncRoots\nS-1 REG_SZ\n')).toEqual([]);
  });
});

describe('a file without content on this disk', () => {
  const root = temporaryFolder();
  writeTree(root, { 'cloud/here.exe': 'MZ', 'cloud/empty': '', 'local/here.exe': 'MZ' });
  for (const place of ['cloud/placeholder.exe', 'local/sparse.exe'])
    execFileSync('truncate', ['-s', '1M', path.join(root, place)]);

  test('is not opened below a cloud folder, and counted; anywhere else it is read', () => {
    const cloud = path.join(root, 'cloud');
    const { files, tally, reasons } = walkAll([root], {
      cloudFolders: { has: (folder) => folder === cloud },
    });
    expect(files.map((file) => path.relative(root, file))).toEqual([
      'cloud/empty',
      'cloud/here.exe',
      'local/here.exe',
      'local/sparse.exe',
    ]);
    expect(reasons).toEqual(['cloud-only null']);
    expect(tally.unseen).toBe(0);
  });

  test('is told from one that is small', () => {
    expect(isCloudOnly(path.join(root, 'cloud/placeholder.exe'))).toBe(true);
    expect(isCloudOnly(path.join(root, 'cloud/here.exe'))).toBe(false);
    expect(isCloudOnly(path.join(root, 'cloud/empty'))).toBe(false);
  });
});
